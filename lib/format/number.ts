import { fromWireNumber, type WireNumber } from "@signalbox/protocol/wire/wire-number";

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** `4310` → `4,310`. Non-finite values are formatted as by `formatMetric`. */
export function formatInteger(value: number): string {
  return Number.isFinite(value) ? grouped.format(value) : formatNonFinite(value);
}

function formatNonFinite(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "∞" : "-∞";
}

/** `1.5000e-3` → `1.5e-3`: no trailing zeros, no `+` in the exponent. */
function tidyExponential(text: string): string {
  return text.replace(/\.?0*e\+?/, "e");
}

/**
 * A value for tables and legends: `digits` significant digits, grouped when large, scientific below
 * 0.001 and from ten million.
 */
export function formatMetric(value: number | WireNumber, digits = 4): string {
  const figure = fromWireNumber(value);
  if (!Number.isFinite(figure)) return formatNonFinite(figure);
  if (figure === 0) return "0";
  const size = Math.abs(figure);
  if (size < 1e-3 || size >= 1e7) {
    return Number.isSafeInteger(figure) && size < 1e12
      ? grouped.format(figure)
      : tidyExponential(figure.toExponential(digits - 1));
  }
  if (Number.isInteger(figure) || size >= Math.max(1000, 10 ** (digits - 1)))
    return grouped.format(figure);
  const rounded = figure.toPrecision(digits);
  return rounded.includes("e") ? grouped.format(figure) : rounded;
}

/** A learning rate, scientific below 0.1: `0.0003` → `3e-4`, `0.0015` → `1.5e-3`, `0.25` → `0.25`. */
export function formatLearningRate(value: number | WireNumber): string {
  const figure = fromWireNumber(value);
  if (!Number.isFinite(figure)) return formatNonFinite(figure);
  const size = Math.abs(figure);
  return size === 0 || (size >= 0.1 && size < 1e4)
    ? `${Number(figure.toPrecision(4))}`
    : tidyExponential(figure.toExponential(3));
}

const learningRateName = /(^|[/._-])(learning_rate|lr)([/._-]|$)/i;

/** Whether a series or a parameter is a learning rate, by its name. */
export function isLearningRate(name: string): boolean {
  return learningRateName.test(name);
}

const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** `1536` → `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (Math.abs(size) >= 1024 && unit < byteUnits.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || Math.abs(size) >= 100 ? 0 : 1;
  return `${size.toFixed(digits)} ${byteUnits[unit]}`;
}

const bytesName = /(^|[/._])\w*bytes$/i;

/** Whether a series counts bytes, by its name. */
export function isBytes(name: string): boolean {
  return bytesName.test(name);
}

/** The value of a series, in the notation for its name. */
export function formatSeriesValue(name: string, value: number | WireNumber): string {
  if (isLearningRate(name)) return formatLearningRate(value);
  const figure = fromWireNumber(value);
  if (isBytes(name) && Number.isFinite(figure)) return formatBytes(figure);
  return formatMetric(value);
}

/** A fraction as a percentage with `digits` decimals: `0.624` → `62%`. */
export function formatPercent(fraction: number, digits = 0): string {
  return Number.isFinite(fraction)
    ? `${(fraction * 100).toFixed(digits)}%`
    : formatNonFinite(fraction);
}

const axisUnits = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** The number of decimals that multiples of `increment` need at most. */
function decimalsOf(increment: number): number {
  for (let digits = 0; digits < 12; digits += 1) {
    const scaled = increment * 10 ** digits;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return digits;
  }
  return 12;
}

/**
 * The ticks of one axis, `increment` apart, in one notation and as short as keeps neighbours
 * distinct: `0.5 0.6`, `1.2k 1.4k`, `5e-4 1e-3`.
 */
export function formatTicks(values: readonly number[], increment: number): string[] {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  if (largest < 0.01) {
    return values.map((value) => {
      if (value === 0) return "0";
      const scale = 10 ** Math.floor(Math.log10(Math.abs(value)) + 1e-9);
      const digits = Math.min(6, decimalsOf(increment / scale));
      return tidyExponential(value.toExponential(digits));
    });
  }
  const unit = axisUnits.find(([scale]) => largest >= scale && decimalsOf(increment / scale) <= 3);
  return values.map((value) => {
    if (value === 0) return "0";
    if (unit)
      return `${Number((value / unit[0]).toFixed(decimalsOf(increment / unit[0])))}${unit[1]}`;
    return largest >= 1000 ? grouped.format(value) : value.toFixed(decimalsOf(increment));
  });
}

/** The ticks of an axis of bytes, in one binary unit: `415.5 MiB`, `416 MiB`. */
export function formatByteTicks(values: readonly number[], increment: number): string[] {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const power = largest < 1 ? 0 : Math.floor(Math.log2(largest) / 10);
  const unit = Math.min(byteUnits.length - 1, power);
  const scale = 1024 ** unit;
  const digits = Math.min(3, decimalsOf(increment / scale));
  return values.map((value) => `${(value / scale).toFixed(digits)} ${byteUnits[unit]}`);
}
