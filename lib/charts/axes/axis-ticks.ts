import { formatDuration } from "../../format/duration.ts";
import { formatInteger, formatMetric } from "../../format/number.ts";
import type { XAxis } from "./x-axis.ts";

/** Steps are whole numbers: 1, 2, 5, 10 … */
export const stepIncrements = Array.from(
  { length: 48 },
  (_, i) => ([1, 2, 5][i % 3] ?? 1) * 10 ** Math.floor(i / 3),
);

/** Increments of time that people count in, in seconds. */
export const secondIncrements = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600,
  43_200, 86_400, 172_800, 604_800, 2_592_000, 31_536_000,
];

const pad = (value: number) => String(value).padStart(2, "0");

/** A tick of relative time: `0`, `30s`, `5m`, `1h 30m`, `2d`. */
export function formatElapsed(seconds: number): string {
  if (seconds === 0) return "0";
  if (Math.abs(seconds) < 60) return `${Number(seconds.toFixed(2))}s`;
  const text = formatDuration(Math.abs(seconds)).replace(/ 0+[a-z]$/, "");
  return seconds < 0 ? `-${text}` : text;
}

const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });

/** A tick of wall time in the reader's time zone; the closer the ticks, the more exact. */
export function formatClock(seconds: number, increment: number): string {
  const date = new Date(seconds * 1000);
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}`;
  const midnight = clock === "00:00" && date.getSeconds() === 0;
  if (increment >= 86_400 || midnight) return day.format(date);
  return increment >= 60 ? clock : `${clock}:${pad(date.getSeconds())}`;
}

/** A position on an axis in words, for the legend and the zoom. */
export function formatAxisValue(axis: XAxis, x: number): string {
  switch (axis) {
    case "step":
      return `step ${formatInteger(x)}`;
    case "epoch":
      return `epoch ${formatMetric(x)}`;
    case "relative":
      return x < 0 ? formatElapsed(x) : formatDuration(x);
    case "wall":
      return `${day.format(new Date(x * 1000))}, ${formatClock(x, 1)}`;
  }
}

/** Round numbers between two bounds, at most about `count` of them. */
export function niceTicks(min: number, max: number, count: number): number[] {
  if (!(max > min)) return [min];
  const rough = (max - min) / Math.max(1, count);
  const scale = 10 ** Math.floor(Math.log10(rough));
  const increment = scale * ([1, 2, 5, 10].find((nice) => nice * scale >= rough) ?? 10);
  const first = Math.ceil(min / increment);
  const last = Math.floor(max / increment + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * increment).toPrecision(12)),
  );
}

/** Powers of ten between two positive bounds; the bounds themselves if there is none. */
export function decadeTicks(min: number, max: number): number[] {
  const first = Math.ceil(Math.log10(min) - 1e-9);
  const last = Math.floor(Math.log10(max) + 1e-9);
  if (last < first) return [min, max];
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}
