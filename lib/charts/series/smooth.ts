export const smoothingKinds = ["exponential", "gaussian", "mean"] as const;
export type SmoothingKind = (typeof smoothingKinds)[number];

export interface Smoothing {
  kind: SmoothingKind;
  /** 0 (none) to below 1. */
  amount: number;
}

type Line = readonly (number | null)[];

const smoothed = new WeakMap<object, { kind: SmoothingKind; amount: number; line: Line }>();

/** A prepared line, smoothed; null if smoothing is off. The result is cached for the series. */
export function smoothOf(
  series: { readonly x: readonly number[]; readonly line: Line },
  { smoothing: kind, amount }: { smoothing: SmoothingKind; amount: number },
): Line | null {
  if (amount <= 0) return null;
  const known = smoothed.get(series);
  if (known?.kind === kind && known.amount === amount) return known.line;
  const line = smoothLine(series.x, series.line, { kind, amount });
  smoothed.set(series, { kind, amount, line });
  return line;
}

/** The line smoothed over its x values (ascending). Gaps stay gaps and have no weight. */
export function smoothLine(x: readonly number[], line: Line, smoothing: Smoothing): Line {
  const amount = Math.min(0.999, Math.max(0, smoothing.amount));
  const extent = (x.at(-1) ?? 0) - (x[0] ?? 0);
  if (amount === 0 || !(extent > 0)) return line;
  switch (smoothing.kind) {
    case "exponential":
      return exponential(x, line, amount, extent);
    case "mean":
      return runningMean(x, line, (extent * amount) / 5);
    case "gaussian": {
      // Three running means, each two standard deviations wide, come within 7 % of a Gaussian,
      // at a cost that does not grow with its width.
      const width = (extent * amount) / 10;
      return runningMean(x, runningMean(x, runningMean(x, line, width), width), width);
    }
  }
}

/**
 * Exponential moving average with weights by distance on the x axis, not by point: a value that is
 * a 500th of the line's extent away weighs `amount` as much. The weights are normalised, so the
 * start is not pulled towards zero.
 */
function exponential(x: readonly number[], line: Line, amount: number, extent: number): Line {
  const unit = extent / 500;
  let sum = 0;
  let norm = 0;
  let before = x[0] ?? 0;
  return line.map((value, index) => {
    if (value === null) return null;
    const at = x[index] ?? before;
    const kept = amount ** ((at - before) / unit);
    before = at;
    sum = sum * kept + value;
    norm = norm * kept + 1;
    return sum / norm;
  });
}

/** The mean of all values no further than half of `width` away. */
function runningMean(x: readonly number[], line: Line, width: number): Line {
  const half = width / 2;
  let sum = 0;
  let count = 0;
  let from = 0;
  let to = 0;
  return line.map((value, index) => {
    const at = x[index] ?? 0;
    for (; to < line.length && (x[to] ?? 0) <= at + half; to += 1) {
      const entering = line[to] ?? null;
      if (entering === null) continue;
      sum += entering;
      count += 1;
    }
    for (; from < to && (x[from] ?? 0) < at - half; from += 1) {
      const leaving = line[from] ?? null;
      if (leaving === null) continue;
      sum -= leaving;
      count -= 1;
      if (Math.abs(leaving) > Math.abs(sum) * 1e6) sum = sumOf(line, from + 1, to);
    }
    return value === null || count === 0 ? null : sum / count;
  });
}

/** Sums again from scratch, because subtracting a much larger value lost the sum's digits. */
function sumOf(line: Line, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index += 1) sum += line[index] ?? 0;
  return sum;
}
