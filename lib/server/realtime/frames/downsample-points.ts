import type { StoredTuple } from "@signalbox/protocol/stream/stream-row";
import { fromWireNumber } from "@signalbox/protocol/wire/wire-number";

const windowMs = 100;

/**
 * Keeps the first, last, smallest and largest point of each 100 ms (trainer's time) of a series, and
 * the first non-finite one, so that neither a spike nor a NaN is lost. Order is kept; up to four
 * points are returned unchanged.
 */
export function downsamplePoints(points: StoredTuple[]): StoredTuple[] {
  if (points.length <= 4) return points;
  const kept: StoredTuple[] = [];
  let from = 0;
  while (from < points.length) {
    const window = windowOf(points[from]);
    let to = from + 1;
    while (to < points.length && windowOf(points[to]) === window) to += 1;
    keepOfWindow(points, from, to, kept);
    from = to;
  }
  return kept;
}

function windowOf(point: StoredTuple | undefined): number {
  return Math.floor((point?.[2] ?? 0) / windowMs);
}

function keepOfWindow(points: StoredTuple[], from: number, to: number, kept: StoredTuple[]): void {
  const chosen = new Set([from, to - 1]);
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let smallestAt = -1;
  let largestAt = -1;
  let oddAt = -1;
  for (let at = from; at < to; at += 1) {
    const value = fromWireNumber(points[at]?.[1] ?? "NaN");
    if (!Number.isFinite(value)) {
      if (oddAt < 0) oddAt = at;
      continue;
    }
    if (value < smallest) {
      smallest = value;
      smallestAt = at;
    }
    if (value > largest) {
      largest = value;
      largestAt = at;
    }
  }
  for (const at of [smallestAt, largestAt, oddAt]) if (at >= 0) chosen.add(at);
  for (const at of [...chosen].sort((a, b) => a - b)) {
    const point = points[at];
    if (point) kept.push(point);
  }
}
