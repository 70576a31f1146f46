import type { SeriesBucket } from "../contracts/metrics.ts";
import { fromWireNumber, type WireNumber } from "../contracts/primitives.ts";

/**
 * What a panel draws at one place of the x axis: the points of one step, or of one cell of `width`
 * neighbouring steps. Figures are of finite values only; `last` is the value written last.
 */
export interface Column {
  stepFirst: number;
  stepLast: number;
  min: number;
  max: number;
  sum: number;
  finite: number;
  last: number;
  nan: number;
  infinite: number;
}

/** Columns in ascending order of step. Cells are aligned to 0, so that they never drift. */
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
    nan: 0,
    infinite: 0,
  };
}

/** The column of a step's cell: nearly always the last one; late steps are searched for. */
function columnAt(target: SeriesColumns, step: number): Column {
  const { columns, width } = target;
  const cell = Math.floor(step / width);
  const cellOf = (column: Column) => Math.floor(column.stepFirst / width);
  let low = 0;
  let high = columns.length;
  const tail = columns[high - 1];
  if (tail) {
    const tailCell = cellOf(tail);
    if (tailCell === cell) return tail;
    if (tailCell < cell) low = high;
  }
  while (low < high) {
    const middle = (low + high) >> 1;
    const column = columns[middle];
    if (column && cellOf(column) < cell) low = middle + 1;
    else high = middle;
  }
  const found = columns[low];
  if (found && cellOf(found) === cell) return found;
  const column = emptyColumn(step);
  columns.splice(low, 0, column);
  return column;
}

/** Adds one raw point, written after everything that is already there. */
export function addPoint(target: SeriesColumns, step: number, value: number): void {
  const column = columnAt(target, step);
  if (step < column.stepFirst) column.stepFirst = step;
  if (step > column.stepLast) column.stepLast = step;
  column.last = value;
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

/** Adds one bucket of the server's history; buckets come in ascending order of step. */
export function addBucket(target: SeriesColumns, bucket: SeriesBucket): void {
  const column = columnAt(target, bucket.step_first);
  column.stepFirst = Math.min(column.stepFirst, bucket.step_first);
  column.stepLast = Math.max(column.stepLast, bucket.step_last);
  column.last = fromWireNumber(bucket.last);
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

/** The smallest cell width, a power of 16, in whose cells every bucket lies wholly. */
export function bucketWidth(buckets: readonly SeriesBucket[]): number {
  let width = 1;
  for (const { step_first, step_last } of buckets) {
    while (Math.floor(step_first / width) !== Math.floor(step_last / width)) width *= 16;
  }
  return width;
}

/**
 * The cell width, a power of two and at least `floor`, that keeps `points` points between two
 * steps within `maxColumns` columns. Doubling (not stretching) keeps the picture still.
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

/** Where the column stands on the x axis. */
export function columnX(column: Column): number {
  return column.stepFirst + (column.stepLast - column.stepFirst) / 2;
}

/**
 * The height of the line: the mean of several steps; of a single step the value written last,
 * because a trainer that repeats a step corrects it. Null where that is not a finite number.
 */
export function columnLine(column: Column): number | null {
  if (column.stepFirst === column.stepLast) {
    return Number.isFinite(column.last) ? column.last : null;
  }
  return column.finite > 0 ? column.sum / column.finite : null;
}
