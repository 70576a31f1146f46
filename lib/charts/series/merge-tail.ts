import type { SeriesBucket } from "@signalbox/protocol/metrics";
import {
  type AxisSource,
  addBucket,
  addPoint,
  bucketWidth,
  columnWidth,
  type SeriesColumns,
} from "./series-columns.ts";

/** The part of a series that came by the live stream, in the order in which it was written. */
export interface TailPoints {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** The seq of each point's row; ascending. Without it, history and tail are told apart by step. */
  readonly seqs?: ArrayLike<number>;
  /** The trainer's time of each point, milliseconds since 1970. */
  readonly times?: ArrayLike<number>;
  /** The epoch of each point; NaN where it has none. */
  readonly epochs?: ArrayLike<number>;
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

export interface MergeOptions {
  /** Bounds the number of columns. */
  maxColumns: number;
  /** Keeps what lies outside it out. */
  range?: StepRange | null;
  /** The axis whose values the columns note beside their steps. */
  x?: AxisSource;
}

/** What one merge leaves for the next: new points are added to it instead of beginning anew. */
interface Held extends MergeOptions {
  history: SeriesHistory | null;
  steps: ArrayLike<number> | undefined;
  taken: number;
  merged: SeriesColumns;
  points: number;
  floor: number;
  stepMin: number;
  stepMax: number;
}

function begin(
  history: SeriesHistory | null,
  tail: TailPoints | null,
  options: MergeOptions,
): Held {
  const { range = null } = options;
  const buckets = (history?.buckets ?? []).filter(
    (b) => range === null || (b.step_last >= range.from && b.step_first <= range.to),
  );
  const held: Held = {
    ...options,
    history,
    steps: tail?.steps,
    taken: 0,
    merged: { width: 1, columns: [] },
    points: buckets.length,
    floor: bucketWidth(buckets),
    stepMin: Number.POSITIVE_INFINITY,
    stepMax: Number.NEGATIVE_INFINITY,
  };
  for (const { step_first, step_last } of buckets) {
    held.stepMin = Math.min(held.stepMin, step_first);
    held.stepMax = Math.max(held.stepMax, step_last);
  }
  const end = tail?.steps.length ?? 0;
  const live = tail ? measure(held, tail, end) : [];
  held.merged.width = widthOf(held);
  for (const bucket of buckets) addBucket(held.merged, bucket, held.x);
  if (tail) add(held, tail, live, end);
  return held;
}

const widthOf = ({ points, stepMin, stepMax, maxColumns, floor }: Held) =>
  columnWidth(points, stepMin, stepMax, maxColumns, floor);

/** The tail's points that are not taken yet and belong here; the extent grows with them. */
function measure(held: Held, tail: TailPoints, end: number): number[] {
  const { start, afterStep } = newPoints(held.history, tail);
  const { range = null } = held;
  const live: number[] = [];
  for (let index = Math.max(start, held.taken); index < end; index += 1) {
    const step = tail.steps[index];
    if (step === undefined || step <= afterStep) continue;
    if (range !== null && (step < range.from || step > range.to)) continue;
    live.push(index);
    held.points += 1;
    held.stepMin = Math.min(held.stepMin, step);
    held.stepMax = Math.max(held.stepMax, step);
  }
  return live;
}

function add(held: Held, tail: TailPoints, live: readonly number[], end: number): void {
  const places = held.x === "time" ? tail.times : held.x === "epoch" ? tail.epochs : undefined;
  for (const index of live) {
    const step = tail.steps[index];
    const value = tail.values[index];
    if (step === undefined || value === undefined) continue;
    addPoint(held.merged, step, value, places?.[index]);
  }
  held.taken = end;
}

function continues(held: Held, history: SeriesHistory | null, tail: TailPoints | null): boolean {
  return held.history === history && held.steps === tail?.steps;
}

const sameOptions = (a: MergeOptions, b: MergeOptions) =>
  a.maxColumns === b.maxColumns &&
  a.x === b.x &&
  a.range?.from === b.range?.from &&
  a.range?.to === b.range?.to;

export type SeriesMerger = (
  history: SeriesHistory | null,
  tail: TailPoints | null,
  options: MergeOptions,
) => SeriesColumns;

/**
 * Merges the same series again and again as its tail grows: a merge costs what is new. The columns
 * are those that `mergeTail` gives, yet they are the merger's own and change with the next call.
 */
export function createSeriesMerger(): SeriesMerger {
  let held: Held | null = null;
  return (history, tail, options) => {
    if (!held || !sameOptions(held, options) || !continues(held, history, tail)) {
      held = begin(history, tail, options);
    } else if (tail && tail.steps.length > held.taken) {
      const end = tail.steps.length;
      const live = measure(held, tail, end);
      if (widthOf(held) === held.merged.width) add(held, tail, live, end);
      else held = begin(history, tail, options);
    }
    return held.merged;
  };
}

/** One picture from history and live tail: every point once, whichever of the two holds it. */
export function mergeTail(
  history: SeriesHistory | null,
  tail: TailPoints | null,
  options: MergeOptions,
): SeriesColumns {
  return begin(history, tail, options).merged;
}
