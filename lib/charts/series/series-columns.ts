import type { SeriesBucket } from "@signalbox/protocol/data/metrics";
import { fromWireNumber, type WireNumber } from "@signalbox/protocol/wire/wire-number";

/**
 * What a panel draws at one position of the x axis: the points of one step, or of one cell of
 * `width` neighbouring steps. Minimum, maximum and sum are of finite values only; `last` is the
 * value written last at `lastStep`, the greatest step.
 */
export interface Column {
  stepFirst: number;
  stepLast: number;
  min: number;
  max: number;
  sum: number;
  finite: number;
  last: number;
  lastStep: number;
  nan: number;
  infinite: number;
  /** All raw points, finite or not. */
  count: number;
  /** The positions of `stepFirst` and `stepLast` on another axis than steps; NaN: unknown. */
  xFirst: number;
  xLast: number;
}

/**
 * Columns in ascending order of step, never overlapping. Points of one cell of `width` steps share
 * a column; cells are aligned to 0, so they stay in place as points arrive.
 */
export interface SeriesColumns {
  width: number;
  columns: Column[];
}

function emptyColumn(step: number): Column {
  return {
    stepFirst: step,
    stepLast: step,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    sum: 0,
    finite: 0,
    last: Number.NaN,
    lastStep: step,
    nan: 0,
    infinite: 0,
    count: 0,
    xFirst: Number.NaN,
    xLast: Number.NaN,
  };
}

/** The number of columns that begin at `step` or before it. */
function columnsUpTo(columns: readonly Column[], step: number): number {
  let high = columns.length;
  const final = columns[high - 1];
  if (!final || final.stepFirst <= step) return high;
  let low = 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    const column = columns[middle];
    if (column && column.stepFirst <= step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The column for the steps from `first` to `last`: one that covers or shares their cell, else a new
 * one. Only neighbours are considered, so columns never overlap.
 */
function columnAt({ columns, width }: SeriesColumns, first: number, last: number): Column {
  const cell = Math.floor(first / width);
  const index = columnsUpTo(columns, first);
  const before = columns[index - 1];
  const after = columns[index];
  let column = before;
  if (!before || (first > before.stepLast && Math.floor(before.stepFirst / width) !== cell)) {
    column = after && Math.floor(after.stepFirst / width) === cell ? after : emptyColumn(first);
    if (column !== after) columns.splice(index, 0, column);
  }
  const target = column ?? emptyColumn(first);
  if (first < target.stepFirst) target.stepFirst = first;
  if (last > target.stepLast) target.stepLast = last;
  return target;
}

/** Stores the axis values of the steps just added; unknown ones change nothing. */
function setX(column: Column, first: number, last: number, x: readonly [number, number]): void {
  if (first <= column.stepFirst && !Number.isNaN(x[0])) column.xFirst = x[0];
  if (last >= column.stepLast && !Number.isNaN(x[1])) column.xLast = x[1];
}

function setLast(column: Column, step: number, value: number): void {
  if (step < column.lastStep) return;
  column.last = value;
  column.lastStep = step;
}

/** Adds one raw point, written after everything that is already there. */
export function addPoint(target: SeriesColumns, step: number, value: number, x = Number.NaN): void {
  const column = columnAt(target, step, step);
  setX(column, step, step, [x, x]);
  column.count += 1;
  setLast(column, step, value);
  if (Number.isFinite(value)) {
    column.sum += value;
    column.finite += 1;
    if (value < column.min) column.min = value;
    if (value > column.max) column.max = value;
  } else if (Number.isNaN(value)) column.nan += 1;
  else column.infinite += 1;
}

function finiteOrNull(value: WireNumber | null): number | null {
  if (value === null) return null;
  const figure = fromWireNumber(value);
  return Number.isFinite(figure) ? figure : null;
}

/** What a column may hold beside its steps. */
export type AxisSource = "step" | "epoch" | "time";

function bucketX(bucket: SeriesBucket, source: AxisSource): [number, number] {
  const none = Number.NaN;
  switch (source) {
    case "step":
      return [none, none];
    case "epoch":
      return [bucket.epoch_first ?? none, bucket.epoch_last ?? none];
    case "time":
      return [bucket.time_first ?? none, bucket.time_last ?? none];
  }
}

/** Adds one bucket of the server's history; buckets come in ascending order of step. */
export function addBucket(
  target: SeriesColumns,
  bucket: SeriesBucket,
  source: AxisSource = "step",
): void {
  const column = columnAt(target, bucket.step_first, bucket.step_last);
  setX(column, bucket.step_first, bucket.step_last, bucketX(bucket, source));
  setLast(column, bucket.step_last, fromWireNumber(bucket.last));
  column.count += bucket.count;
  const mean = finiteOrNull(bucket.mean);
  const min = finiteOrNull(bucket.min);
  const max = finiteOrNull(bucket.max);
  const finite = Math.max(0, bucket.count - bucket.nan_count);
  if (mean !== null && finite > 0) {
    column.sum += mean * finite;
    column.finite += finite;
  }
  if (min !== null && min < column.min) column.min = min;
  if (max !== null && max > column.max) column.max = max;
  const ends = [bucket.first, bucket.last, bucket.min, bucket.max];
  const infinite = ends.some((end) => end === "Infinity" || end === "-Infinity");
  if (infinite) column.infinite += Math.max(1, bucket.nan_count);
  else column.nan += bucket.nan_count;
}

/** The greatest power of two that is no wider than the widest bucket: no finer detail exists. */
export function bucketWidth(buckets: readonly SeriesBucket[]): number {
  let widest = 1;
  for (const { step_first, step_last } of buckets) {
    widest = Math.max(widest, step_last - step_first + 1);
  }
  return 2 ** Math.floor(Math.log2(widest));
}

/**
 * The cell width, a power of two and at least `floor`, that keeps `points` points between two
 * steps within `maxColumns` columns. Widths double, so the cells stay aligned as the series grows.
 */
export function columnWidth(
  points: number,
  stepMin: number,
  stepMax: number,
  maxColumns: number,
  floor = 1,
): number {
  let width = floor;
  if (points <= maxColumns) return width;
  while ((stepMax - stepMin) / width > maxColumns) width *= 2;
  return width;
}

/** The column's position on the x axis, the middle of its steps. */
export function columnX(column: Column): number {
  return column.stepFirst + (column.stepLast - column.stepFirst) / 2;
}

/**
 * The value of the line: the mean of several steps; for a single step the value written last,
 * because a trainer that repeats a step corrects it. Null if that is not a finite number.
 */
export function columnLine(column: Column): number | null {
  if (column.stepFirst === column.stepLast) {
    return Number.isFinite(column.last) ? column.last : null;
  }
  return column.finite > 0 ? column.sum / column.finite : null;
}
