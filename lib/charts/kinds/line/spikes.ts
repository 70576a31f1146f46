import type { PreparedSeries } from "../../series/prepare-series.ts";

/** A vertical stroke from the lowest to the highest value of one column, in pixels. */
export interface Spike {
  index: number;
  top: number;
  bottom: number;
}

/**
 * The columns of a line without envelope that have a hidden extreme: their lowest or highest value
 * is more than `least` pixels away from the line there and on either side.
 * @param toY maps a value to pixels from the top
 */
export function spikesOf(
  { line, low, high }: Pick<PreparedSeries, "line" | "low" | "high">,
  { from, to }: { from: number; to: number },
  toY: (value: number) => number,
  least: number,
): Spike[] {
  const spikes: Spike[] = [];
  for (let index = from; index <= to; index += 1) {
    const [bottom, top] = [low[index] ?? null, high[index] ?? null];
    if (bottom === null || top === null || bottom === top) continue;
    const spike = { index, top: toY(top), bottom: toY(bottom) };
    let highest = Number.POSITIVE_INFINITY;
    let lowest = Number.NEGATIVE_INFINITY;
    for (const value of [line[index - 1], line[index], line[index + 1]]) {
      if (value === null || value === undefined) continue;
      highest = Math.min(highest, toY(value));
      lowest = Math.max(lowest, toY(value));
    }
    if (highest - spike.top > least || spike.bottom - lowest > least) spikes.push(spike);
  }
  return spikes;
}
