/** What to compare with: a fixed epoch, the first, or the previous one. */
export type CompareWith = number | "first" | "previous";

export interface EpochChoice {
  /** The selected epoch. */
  epoch: number;
  /** Its index among the epochs with predictions. */
  index: number;
  /** The compared epoch; null where there is no other. */
  compare: number | null;
  compareIndex: number | null;
  /** The position of the second handle, which may be that of the first; null where it has none. */
  handleIndex: number | null;
  /** Whether the latest epoch is followed. */
  follows: boolean;
}

interface EpochRequest {
  /** Null follows the latest epoch. */
  epoch: number | null;
  compare: CompareWith;
}

/**
 * Selects the epochs to show out of `epochs` (ascending): the requested ones, else the nearest.
 * Null while there are none.
 */
export function chooseEpochs(
  epochs: readonly number[],
  requested: EpochRequest,
): EpochChoice | null {
  if (epochs.length === 0) return null;
  const last = epochs.length - 1;
  const index = requested.epoch === null ? last : nearestIndex(epochs, requested.epoch);
  const wanted =
    requested.compare === "first"
      ? 0
      : requested.compare === "previous"
        ? index - 1
        : nearestIndex(epochs, requested.compare);
  const compareIndex = wanted < 0 || wanted === index ? null : wanted;
  return {
    epoch: epochs[index] ?? 0,
    index,
    compare: compareIndex === null ? null : (epochs[compareIndex] ?? null),
    compareIndex,
    handleIndex: wanted < 0 ? null : wanted,
    follows: requested.epoch === null,
  };
}

/** The index of the epoch nearest to `value`; the earlier one of a tie. */
export function nearestIndex(epochs: readonly number[], value: number): number {
  let best = 0;
  for (let index = 1; index < epochs.length; index += 1) {
    const distance = Math.abs((epochs[index] ?? 0) - value);
    if (distance < Math.abs((epochs[best] ?? 0) - value)) best = index;
  }
  return best;
}

/** The ticks to label out of `count`, when each label needs `labelWidth` of `width` pixels. */
export function labelledTicks(count: number, width: number, labelWidth: number): number[] {
  if (count === 0) return [];
  const room = Math.max(2, Math.floor(width / labelWidth));
  const gaps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
  const gap = gaps.find((each) => Math.floor((count - 1) / each) + 1 <= room) ?? count;
  const ticks: number[] = [];
  for (let index = 0; index < count; index += gap) ticks.push(index);
  const last = count - 1;
  // The latest epoch is always labelled; its neighbour gives way where both do not fit.
  if (ticks.at(-1) !== last) {
    if (last - (ticks.at(-1) ?? 0) < gap * 0.75 && ticks.length > 1) ticks.pop();
    ticks.push(last);
  }
  return ticks;
}
