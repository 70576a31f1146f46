/** The index of the value nearest to `at` in ascending values; null if there are none. */
export function nearestIndex(x: readonly number[], at: number): number | null {
  let low = 0;
  let high = x.length - 1;
  if (high < 0) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return at - (x[low] ?? 0) <= (x[high] ?? 0) - at ? low : high;
}

/** The indices of the values between two bounds, and of one neighbour on either side. */
export function visibleSpan(
  x: readonly number[],
  { min, max }: { min: number; max: number },
): { from: number; to: number } {
  const first = firstFrom(x, min);
  const after = firstFrom(x, max);
  return { from: Math.max(0, first - 1), to: Math.min(x.length - 1, after) };
}

function firstFrom(x: readonly number[], at: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
