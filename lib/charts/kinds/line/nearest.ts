import type { PanelLine } from "../../panels/panel-store.ts";

/** The index of the value nearest to `at` in ascending values; null where there are none. */
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

/** The indices of what lies between two places, and of a neighbour to either side. */
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

/** A line's finite value at a place of the axis, within `reach` of it; null where it has none. */
export function valueAt({ series }: PanelLine, at: number, reach: number): number | null {
  const index = nearestIndex(series.x, at);
  if (index === null) return null;
  const { x, line } = series;
  const first = x[0] ?? at;
  const last = x.at(-1) ?? at;
  // Between two values that are far apart a line is still there to be read.
  const inside = at >= first && at <= last;
  if (!inside && Math.abs((x[index] ?? at) - at) > reach) return null;
  for (let away = 0; away < 24; away += 1) {
    for (const near of [index - away, index + away]) {
      const value = line[near] ?? null;
      if (value !== null) return value;
    }
  }
  return null;
}

/** The line whose height at a place comes nearest to a height, within `reach` pixels of it. */
export function nearestLine(
  lines: readonly PanelLine[],
  at: number,
  atReach: number,
  height: number,
  toY: (value: number) => number,
  reach = 24,
): string | null {
  let found: string | null = null;
  let least = reach;
  for (const line of lines) {
    const value = valueAt(line, at, atReach);
    if (value === null) continue;
    const distance = Math.abs(toY(value) - height);
    if (distance < least) {
      least = distance;
      found = line.id;
    }
  }
  return found;
}
