import { describe, expect, it } from "vitest";
import { appendRunPoints, type RunSeriesTail } from "./run-points.ts";

describe("the points of one of several runs", () => {
  it("grow in place, in another object", () => {
    const before = appendRunPoints(undefined, [[1, 2, 3, 0.5, "train"]], 7);
    const after = appendRunPoints(before, [[2, "NaN", 4]], 8);
    expect(after).not.toBe(before);
    expect(after.steps).toBe(before.steps);
    expect(after).toEqual({
      steps: [1, 2],
      values: [2, Number.NaN],
      seqs: [7, 8],
      times: [3, 4],
      epochs: [0.5, Number.NaN],
      from: null,
    });
  });

  it("lose their older half past the cap, and say up to which seq", () => {
    let tail: RunSeriesTail | undefined;
    for (let seq = 1; seq <= 11; seq += 1) tail = appendRunPoints(tail, [[seq, 0, 0]], seq, 10);
    expect(tail?.seqs).toEqual([7, 8, 9, 10, 11]);
    expect(tail?.from).toBe(6);
  });
});
