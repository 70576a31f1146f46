import type { GapMark } from "../../series/prepare-series.ts";

export interface GapBar {
  from: number;
  to: number;
  kind: GapMark["kind"];
}

/** Joins marks nearer than `near` pixels, so that a diverged series has one bar. */
export function mergeGaps(
  gaps: readonly GapMark[],
  toX: (step: number) => number,
  width: number,
  near = 8,
): GapBar[] {
  const placed: GapBar[] = [];
  for (const { x: step, kind } of gaps) {
    const x = toX(step);
    if (!(x >= 0 && x <= width)) continue;
    const previous = placed.at(-1);
    if (previous && previous.kind === kind && x - previous.to <= near) previous.to = x;
    else placed.push({ from: x, to: x, kind });
  }
  return placed;
}
