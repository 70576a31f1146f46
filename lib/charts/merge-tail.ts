import type { SeriesBucket } from "../contracts/metrics.ts";
import {
  addBucket,
  addPoint,
  bucketWidth,
  type Column,
  columnWidth,
  type SeriesColumns,
} from "./series-columns.ts";

/** The part of a series that came by the live stream, in the order in which it was written. */
export interface TailPoints {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** The seq of each point's row; ascending. Without it, history and tail are told apart by step. */
  readonly seqs?: ArrayLike<number>;
}

/** A series' history as the server gave it: complete up to `lastSeq`. */
export interface SeriesHistory {
  readonly buckets: readonly SeriesBucket[];
  readonly lastSeq: number;
}

export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** The index of the first point of the tail that is written after `lastSeq`. */
export function firstAfter(seqs: ArrayLike<number>, lastSeq: number): number {
  let low = 0;
  let high = seqs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((seqs[middle] ?? 0) <= lastSeq) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface TailSlice {
  start: number;
  /** Points up to this step are in the history already; −1 = none. */
  afterStep: number;
}

function newPoints(history: SeriesHistory | null, tail: TailPoints): TailSlice {
  if (!history) return { start: 0, afterStep: -1 };
  if (tail.seqs) return { start: firstAfter(tail.seqs, history.lastSeq), afterStep: -1 };
  return { start: 0, afterStep: history.buckets.at(-1)?.step_last ?? -1 };
}

/**
 * One picture from history and live tail: every point once, whichever of the two holds it.
 * `range` keeps what lies outside it out; `maxColumns` bounds the number of columns.
 */
export function mergeTail(
  history: SeriesHistory | null,
  tail: TailPoints | null,
  { maxColumns, range = null }: { maxColumns: number; range?: StepRange | null },
): SeriesColumns {
  const inRange = (first: number, last: number) =>
    range === null || (last >= range.from && first <= range.to);
  const buckets = (history?.buckets ?? []).filter((b) => inRange(b.step_first, b.step_last));

  let stepMin = Number.POSITIVE_INFINITY;
  let stepMax = Number.NEGATIVE_INFINITY;
  let points = buckets.length;
  for (const bucket of buckets) {
    if (bucket.step_first < stepMin) stepMin = bucket.step_first;
    if (bucket.step_last > stepMax) stepMax = bucket.step_last;
  }
  const live: number[] = [];
  if (tail) {
    const { start, afterStep } = newPoints(history, tail);
    for (let index = start; index < tail.steps.length; index += 1) {
      const step = tail.steps[index];
      if (step === undefined || step <= afterStep || !inRange(step, step)) continue;
      live.push(index);
      points += 1;
      if (step < stepMin) stepMin = step;
      if (step > stepMax) stepMax = step;
    }
  }

  const width = columnWidth(points, stepMin, stepMax, maxColumns, bucketWidth(buckets));
  const merged: SeriesColumns = { width, columns: [] as Column[] };
  for (const bucket of buckets) addBucket(merged, bucket);
  for (const index of live) {
    const step = tail?.steps[index];
    const value = tail?.values[index];
    if (step !== undefined && value !== undefined) addPoint(merged, step, value);
  }
  return merged;
}
