/** The range of the y axis: the data with a little padding; a constant series is in the middle. */
export function yRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  if (min === max) {
    const air = min === 0 ? 1 : Math.abs(min) * 0.5;
    return [min - air, max + air];
  }
  const air = (max - min) * 0.06;
  // The axis has no negative part unless the series has.
  const low = min >= 0 ? Math.max(0, min - air) : min - air;
  return [low, max + air];
}

/** The range of a logarithmic y axis, rounded outwards to one significant digit. */
export function logRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || min <= 0 || !Number.isFinite(max)) return [0.1, 1];
  const unit = (value: number) => 10 ** Math.floor(Math.log10(value));
  // Rounded, so that 3 × 0.0001 is exactly 0.0003, as the ticks are.
  const tidy = (value: number) => Number(value.toPrecision(1));
  const low = tidy(Math.floor(min / unit(min)) * unit(min));
  const high = tidy(Math.ceil(max / unit(max)) * unit(max));
  return high > low ? [low, high] : [low, tidy(low + unit(low))];
}

/** The shared x axis: from the first step to the last, never empty. */
export function stepRange(
  stepMin: number | null,
  stepMax: number | null,
): { from: number; to: number } {
  const from = stepMin ?? 0;
  const to = stepMax ?? from;
  return to > from ? { from, to } : { from: Math.max(0, from - 1), to: from + 1 };
}

/**
 * The y values between the `part` and the `1 − part` quantile of a line with its band, without the
 * outliers that would flatten the rest. Null if there is nothing to leave out.
 */
export function withoutOutliers(
  { low, high }: { low: readonly (number | null)[]; high: readonly (number | null)[] },
  part: number,
): { min: number; max: number } | null {
  if (part <= 0) return null;
  const ascending = (values: readonly (number | null)[]) =>
    Float64Array.from(values.filter((value) => value !== null)).sort();
  const lows = ascending(low);
  const highs = ascending(high);
  // At least one at each end, so that a single spike in few columns is left out too.
  const skipped = Math.max(1, Math.floor(lows.length * part));
  if (lows.length < 8) return null;
  const min = lows[skipped];
  const max = highs[highs.length - 1 - skipped];
  return min === undefined || max === undefined || max < min ? null : { min, max };
}

/** The start of a logarithmic x axis: values that are not positive are at its left end. */
export function logStart(x: readonly number[]): number {
  const first = x.find((value) => value > 0);
  return first === undefined ? 0.5 : x[0] !== undefined && x[0] > 0 ? first : first / 2;
}
