/** The y axis of a panel: the data with a little air; a constant series stands in the middle. */
export function yRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  if (min === max) {
    const air = min === 0 ? 1 : Math.abs(min) * 0.5;
    return [min - air, max + air];
  }
  const air = (max - min) * 0.06;
  // A series that is never negative does not get an axis that is.
  const low = min >= 0 ? Math.max(0, min - air) : min - air;
  return [low, max + air];
}

/** The y axis in powers of ten: outwards to one significant digit; nothing positive → one decade. */
export function logRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || min <= 0 || !Number.isFinite(max)) return [0.1, 1];
  const unit = (value: number) => 10 ** Math.floor(Math.log10(value));
  // Through a short decimal, so that 3 × 0.0001 is 0.0003 and ticks fall on it.
  const tidy = (value: number) => Number(value.toPrecision(1));
  const low = tidy(Math.floor(min / unit(min)) * unit(min));
  const high = tidy(Math.ceil(max / unit(max)) * unit(max));
  return high > low ? [low, high] : [low, tidy(low + unit(low))];
}

/** The x axis shared by all panels: from the first step to the last, never of no width. */
export function stepRange(
  stepMin: number | null,
  stepMax: number | null,
): { from: number; to: number } {
  const from = stepMin ?? 0;
  const to = stepMax ?? from;
  return to > from ? { from, to } : { from: Math.max(0, from - 1), to: from + 1 };
}
