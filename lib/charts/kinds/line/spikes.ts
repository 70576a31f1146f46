import type { PreparedSeries } from "../../series/prepare-series.ts";

/** A stroke from the lowest to the highest value at one place of a line, in the places of `toY`. */
export interface Spike {
  index: number;
  top: number;
  bottom: number;
}

/**
 * Where a line drawn without its envelope would hide an extreme: the lowest or highest value stands
 * out by more than `least` pixels from the line there and on either side.
 * @param toY gives a value's place in pixels from the top
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
