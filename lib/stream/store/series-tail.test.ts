import { describe, expect, it } from "vitest";
import { appendPoints, type MetricTuple, type SeriesTail } from "./series-tail.ts";

const points = (from: number, to: number): MetricTuple[] =>
  Array.from({ length: to - from }, (_, n) => [from + n, n, 0]);

describe("a series' live tail", () => {
  it("drops its older half past the cap and says from which step on it is complete", () => {
    let tail: SeriesTail | undefined;
    tail = appendPoints(tail, points(0, 8), 1, 10);
    const before = tail;
    tail = appendPoints(tail, points(8, 12), 2, 10);
    expect(tail.steps).toEqual([7, 8, 9, 10, 11]);
    expect(tail.seqs).toEqual([1, 2, 2, 2, 2]);
    expect(tail.droppedBefore).toBe(7);
    expect(tail).not.toBe(before);
    expect(tail.version).toBe(2);
  });

  it("counts a dropped step that came out of order as incomplete too", () => {
    let tail = appendPoints(undefined, [[50, 1, 0], ...points(0, 7)], 1, 8);
    tail = appendPoints(tail, points(7, 10), 2, 8);
    expect(tail.droppedBefore).toBe(51);
  });
});
