import type { SeriesBucket } from "../contracts/metrics.ts";
import { fromWireNumber, type WireNumber } from "../contracts/primitives.ts";

/** The part of a series that came after its history was read, in the order of arrival. */
export interface OverlayTail {
  readonly steps: readonly number[];
  readonly values: readonly number[];
  readonly seqs: readonly number[];
}

/** One run's series: its history, complete up to `lastSeq`, and what came since. */
export interface OverlaySource {
  id: string;
  buckets: readonly SeriesBucket[];
  lastSeq: number;
  tail: OverlayTail | null;
}

/** A value; null where the line breaks (NaN), undefined where the run has nothing. */
export type Cell = number | null | undefined;

export interface OverlayLine {
  id: string;
  line: Cell[];
  low: Cell[];
  high: Cell[];
  /** The value written last at the greatest step. */
  last: { step: number; value: number } | null;
}

/** Lines over one shared x axis of steps. */
export interface Overlay {
  x: number[];
  lines: OverlayLine[];
}

interface Sum {
  sum: number;
  finite: number;
  min: number;
  max: number;
  missing: number;
  last: number;
  lastStep: number;
}

const empty = (): Sum => ({
  sum: 0,
  finite: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  missing: 0,
  last: Number.NaN,
  lastStep: -1,
});

function finite(value: WireNumber | null): number | null {
  const figure = value === null ? Number.NaN : fromWireNumber(value);
  return Number.isFinite(figure) ? figure : null;
}

function addBucket(cell: Sum, bucket: SeriesBucket): void {
  const mean = finite(bucket.mean);
  const count = Math.max(0, bucket.count - bucket.nan_count);
  if (mean !== null && count > 0) {
    cell.sum += mean * count;
    cell.finite += count;
  }
  cell.min = Math.min(cell.min, finite(bucket.min) ?? cell.min);
  cell.max = Math.max(cell.max, finite(bucket.max) ?? cell.max);
  cell.missing += bucket.nan_count;
  if (bucket.step_last >= cell.lastStep) {
    cell.lastStep = bucket.step_last;
    cell.last = fromWireNumber(bucket.last);
  }
}

function addPoint(cell: Sum, step: number, value: number): void {
  if (Number.isFinite(value)) {
    cell.sum += value;
    cell.finite += 1;
    cell.min = Math.min(cell.min, value);
    cell.max = Math.max(cell.max, value);
  } else cell.missing += 1;
  if (step >= cell.lastStep) {
    cell.lastStep = step;
    cell.last = value;
  }
}

/** The first point of a tail that the history does not hold; seqs ascend. */
function firstNew({ seqs }: OverlayTail, lastSeq: number): number {
  let low = 0;
  let high = seqs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((seqs[middle] ?? 0) <= lastSeq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The steps there are, of all runs. */
function extent(sources: readonly OverlaySource[]): { min: number; max: number } | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { buckets, tail, lastSeq } of sources) {
    const first = buckets[0];
    const final = buckets.at(-1);
    if (first) min = Math.min(min, first.step_first);
    if (final) max = Math.max(max, final.step_last);
    if (!tail) continue;
    for (let i = firstNew(tail, lastSeq); i < tail.steps.length; i += 1) {
      const step = tail.steps[i] ?? 0;
      min = Math.min(min, step);
      max = Math.max(max, step);
    }
  }
  return max >= min ? { min, max } : null;
}

/**
 * The series of several runs over one x axis: cells of a power of two of steps, aligned to 0, so
 * that the picture stays still as points arrive. At most about `columns` cells; each cell holds a
 * run's mean, lowest and highest value.
 */
export function prepareOverlay(
  sources: readonly OverlaySource[],
  { columns, range = null }: { columns: number; range?: { from: number; to: number } | null },
): Overlay {
  const all = range ? { min: range.from, max: range.to } : extent(sources);
  if (!all) return { x: [], lines: sources.map(({ id }) => emptyLine(id)) };
  let width = 1;
  while ((all.max - all.min) / width > columns) width *= 2;

  const used = new Set<number>();
  const cellsOf = sources.map((source) => {
    const cells = new Map<number, Sum>();
    const at = (step: number) => {
      const index = Math.floor(step / width);
      const cell = cells.get(index) ?? empty();
      cells.set(index, cell);
      used.add(index);
      return cell;
    };
    for (const bucket of source.buckets) {
      if (bucket.step_last < all.min || bucket.step_first > all.max) continue;
      addBucket(at((bucket.step_first + bucket.step_last) / 2), bucket);
    }
    const { tail } = source;
    if (!tail) return cells;
    for (let i = firstNew(tail, source.lastSeq); i < tail.steps.length; i += 1) {
      const step = tail.steps[i] ?? 0;
      if (step >= all.min && step <= all.max) addPoint(at(step), step, tail.values[i] ?? NaN);
    }
    return cells;
  });

  const indices = [...used].sort((a, b) => a - b);
  const x = indices.map((index) => (width === 1 ? index : (index + 0.5) * width));
  const lines = sources.map(({ id }, place): OverlayLine => {
    const cells = cellsOf[place];
    const line = emptyLine(id);
    for (const index of indices) {
      const cell = cells?.get(index);
      // One step holds the value written last; several, their mean.
      const single = width === 1 && cell && Number.isFinite(cell.last) ? cell.last : null;
      const mean = cell && cell.finite > 0 ? cell.sum / cell.finite : null;
      line.line.push(cell === undefined ? undefined : (single ?? mean));
      line.low.push(cell === undefined ? undefined : cell.finite > 0 ? cell.min : null);
      line.high.push(cell === undefined ? undefined : cell.finite > 0 ? cell.max : null);
      if (cell) line.last = { step: cell.lastStep, value: cell.last };
    }
    return line;
  });
  return { x, lines };
}

const emptyLine = (id: string): OverlayLine => ({ id, line: [], low: [], high: [], last: null });

/**
 * Exponential moving average along the steps: the weight of what is behind falls with the distance,
 * measured in cells, so that runs that log at different rates are smoothed alike.
 */
export function smoothCells(x: readonly number[], line: readonly Cell[], weight: number): Cell[] {
  const kept = Math.min(0.999, Math.max(0, weight));
  if (kept === 0) return [...line];
  const span = (x.at(-1) ?? 0) - (x[0] ?? 0) || 1;
  const unit = span / 200;
  let sum = 0;
  let norm = 0;
  let before: number | null = null;
  return line.map((value, index) => {
    if (value === null || value === undefined) return value;
    const at = x[index] ?? 0;
    const fade = before === null ? 0 : kept ** Math.max(0.05, (at - before) / unit);
    before = at;
    sum = sum * fade + value * (1 - kept);
    norm = norm * fade + (1 - kept);
    return sum / norm;
  });
}

/** Fills what lies between two values of a run, so that runs can be averaged step by step. */
function interpolated(x: readonly number[], line: readonly Cell[]): (number | null)[] {
  const filled: (number | null)[] = line.map((value) => value ?? null);
  let before = -1;
  for (let i = 0; i < line.length; i += 1) {
    const value = line[i];
    if (typeof value !== "number") continue;
    const start = line[before];
    if (before >= 0 && typeof start === "number") {
      const [from, to] = [x[before] ?? 0, x[i] ?? 0];
      for (let j = before + 1; j < i; j += 1) {
        filled[j] = start + ((value - start) * ((x[j] ?? 0) - from)) / (to - from);
      }
    }
    before = i;
  }
  return filled;
}

/**
 * Groups of runs as one line each: the mean of its runs at every step, and one standard deviation
 * to both sides as its band. A run counts between its first and its last value.
 */
export function groupOverlay(
  { x, lines }: Overlay,
  groups: readonly { key: string; ids: readonly string[] }[],
): Overlay {
  const byId = new Map(lines.map((line) => [line.id, line]));
  return {
    x,
    lines: groups.map(({ key, ids }) => {
      const members = ids.flatMap((id) => byId.get(id) ?? []);
      const filled = members.map((member) => interpolated(x, member.line));
      const group = emptyLine(key);
      x.forEach((step, index) => {
        const values = filled.flatMap((line) => line[index] ?? []);
        const count = values.length;
        if (count === 0) {
          group.line.push(undefined);
          group.low.push(undefined);
          group.high.push(undefined);
          return;
        }
        const mean = values.reduce((sum, value) => sum + value, 0) / count;
        const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        const spread = count > 1 ? Math.sqrt(square / (count - 1)) : 0;
        group.line.push(mean);
        group.low.push(mean - spread);
        group.high.push(mean + spread);
        group.last = { step: Math.round(step), value: mean };
      });
      return group;
    }),
  };
}
