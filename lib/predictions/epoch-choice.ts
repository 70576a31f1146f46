/** What to compare with: a fixed epoch, the first one, or always the one before. */
export type CompareWith = number | "first" | "previous";

export interface EpochChoice {
  /** The epoch that everything shows. */
  epoch: number;
  /** Its place among the epochs that have predictions. */
  index: number;
  /** The epoch it is compared with; null where there is no other. */
  compare: number | null;
  compareIndex: number | null;
  /** Where the second handle stands, also on top of the first; null where it has no place. */
  handleIndex: number | null;
  /** Whether the newest epoch is shown, whichever that becomes. */
  follows: boolean;
}

interface Wish {
  /** Null follows the newest. */
  epoch: number | null;
  compare: CompareWith;
}

/**
 * The epochs to show out of those there are (ascending): the wished ones, else the nearest. Null
 * while there are none.
 */
export function chooseEpochs(epochs: readonly number[], wish: Wish): EpochChoice | null {
  if (epochs.length === 0) return null;
  const last = epochs.length - 1;
  const index = wish.epoch === null ? last : nearestIndex(epochs, wish.epoch);
  const wanted =
    wish.compare === "first"
      ? 0
      : wish.compare === "previous"
        ? index - 1
        : nearestIndex(epochs, wish.compare);
  const compareIndex = wanted < 0 || wanted === index ? null : wanted;
  return {
    epoch: epochs[index] ?? 0,
    index,
    compare: compareIndex === null ? null : (epochs[compareIndex] ?? null),
    compareIndex,
    handleIndex: wanted < 0 ? null : wanted,
    follows: wish.epoch === null,
  };
}

/** The place of the epoch nearest to `value`; the earlier of two that are equally near. */
export function nearestIndex(epochs: readonly number[], value: number): number {
  let best = 0;
  for (let index = 1; index < epochs.length; index += 1) {
    const distance = Math.abs((epochs[index] ?? 0) - value);
    if (distance < Math.abs((epochs[best] ?? 0) - value)) best = index;
  }
  return best;
}

/** Which of `count` ticks carry a label when each needs `labelWidth` of `width` pixels. */
export function labelledTicks(count: number, width: number, labelWidth: number): number[] {
  if (count === 0) return [];
  const room = Math.max(2, Math.floor(width / labelWidth));
  const gaps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
  const gap = gaps.find((each) => Math.floor((count - 1) / each) + 1 <= room) ?? count;
  const ticks: number[] = [];
  for (let index = 0; index < count; index += gap) ticks.push(index);
  const last = count - 1;
  // The newest epoch always has its label; the one before gives way where both do not fit.
  if (ticks.at(-1) !== last) {
    if (last - (ticks.at(-1) ?? 0) < gap * 0.75 && ticks.length > 1) ticks.pop();
    ticks.push(last);
  }
  return ticks;
}
