import type { SeriesBucket } from "@signalbox/protocol/data/metrics";
import {
  type AxisSource,
  addBucket,
  addPoint,
  bucketWidth,
  columnWidth,
  type SeriesColumns,
} from "./series-columns.ts";

/** The points of a series that came by the live stream, in the order they were written. */
export interface TailPoints {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** The seq of each point's row, ascending. Without it, steps tell history and tail apart. */
  readonly seqs?: ArrayLike<number>;
  /** The trainer's time of each point, milliseconds since 1970. */
  readonly times?: ArrayLike<number>;
  /** The epoch of each point; NaN if it has none. */
  readonly epochs?: ArrayLike<number>;
}

/** A series' history from the server, complete up to `lastSeq`. */
export interface SeriesHistory {
  readonly buckets: readonly SeriesBucket[];
  readonly lastSeq: number;
}

export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** The index of the tail's first point with a seq above `lastSeq`. */
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
  /** The history has the points up to this step already; −1: none. */
  afterStep: number;
}

function newPoints(history: SeriesHistory | null, tail: TailPoints): TailSlice {
  if (!history) return { start: 0, afterStep: -1 };
  if (tail.seqs) return { start: firstAfter(tail.seqs, history.lastSeq), afterStep: -1 };
  return { start: 0, afterStep: history.buckets.at(-1)?.step_last ?? -1 };
}

export interface MergeOptions {
  /** The upper bound for the number of columns. */
  maxColumns: number;
  /** Leaves out what is outside this range. */
  range?: StepRange | null;
  /** The axis whose values the columns hold beside their steps. */
  x?: AxisSource;
}

/** The state between two merges: new points are added to it, so nothing is merged twice. */
interface MergeState extends MergeOptions {
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
): MergeState {
  const { range = null } = options;
  const buckets = (history?.buckets ?? []).filter(
    (b) => range === null || (b.step_last >= range.from && b.step_first <= range.to),
  );
  const state: MergeState = {
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
    state.stepMin = Math.min(state.stepMin, step_first);
    state.stepMax = Math.max(state.stepMax, step_last);
  }
  const end = tail?.steps.length ?? 0;
  const live = tail ? measure(state, tail, end) : [];
  state.merged.width = widthOf(state);
  for (const bucket of buckets) addBucket(state.merged, bucket, state.x);
  if (tail) add(state, tail, live, end);
  return state;
}

const widthOf = ({ points, stepMin, stepMax, maxColumns, floor }: MergeState) =>
  columnWidth(points, stepMin, stepMax, maxColumns, floor);

/** The tail's new points that are in the range; the extent grows with them. */
function measure(state: MergeState, tail: TailPoints, end: number): number[] {
  const { start, afterStep } = newPoints(state.history, tail);
  const { range = null } = state;
  const live: number[] = [];
  for (let index = Math.max(start, state.taken); index < end; index += 1) {
    const step = tail.steps[index];
    if (step === undefined || step <= afterStep) continue;
    if (range !== null && (step < range.from || step > range.to)) continue;
    live.push(index);
    state.points += 1;
    state.stepMin = Math.min(state.stepMin, step);
    state.stepMax = Math.max(state.stepMax, step);
  }
  return live;
}

function add(state: MergeState, tail: TailPoints, live: readonly number[], end: number): void {
  const places = state.x === "time" ? tail.times : state.x === "epoch" ? tail.epochs : undefined;
  for (const index of live) {
    const step = tail.steps[index];
    const value = tail.values[index];
    if (step === undefined || value === undefined) continue;
    addPoint(state.merged, step, value, places?.[index]);
  }
  state.taken = end;
}

function continues(
  state: MergeState,
  history: SeriesHistory | null,
  tail: TailPoints | null,
): boolean {
  return state.history === history && state.steps === tail?.steps;
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
 * Merges the same series again and again as its tail grows; the cost of a merge is that of the new
 * points. The columns are the same as those of `mergeTail`, but the next call changes them in place.
 */
export function createSeriesMerger(): SeriesMerger {
  let state: MergeState | null = null;
  return (history, tail, options) => {
    if (!state || !sameOptions(state, options) || !continues(state, history, tail)) {
      state = begin(history, tail, options);
    } else if (tail && tail.steps.length > state.taken) {
      const end = tail.steps.length;
      const live = measure(state, tail, end);
      if (widthOf(state) === state.merged.width) add(state, tail, live, end);
      else state = begin(history, tail, options);
    }
    return state.merged;
  };
}

/** Columns from history and live tail. A point that is in both counts once. */
export function mergeTail(
  history: SeriesHistory | null,
  tail: TailPoints | null,
  options: MergeOptions,
): SeriesColumns {
  return begin(history, tail, options).merged;
}
