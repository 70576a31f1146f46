import { nearestIndex } from "../../axes/nearest-index.ts";
import type { PanelLine } from "./line-picture.ts";

/** A line's finite value at `at`; null if it has none no further away than `reach`. */
export function valueAt({ series }: PanelLine, at: number, reach: number): number | null {
  const index = nearestIndex(series.x, at);
  if (index === null) return null;
  const { x, line } = series;
  const first = x[0] ?? at;
  const last = x.at(-1) ?? at;
  // Between two values that are far apart, the line can still be read.
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
