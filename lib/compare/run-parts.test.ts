import { describe, expect, it } from "vitest";
import { coverRuns } from "./run-parts.ts";

const runs = (from: number, to: number, generation = "g1") =>
  Array.from({ length: to - from }, (_, index) => ({ id: `run-${from + index}`, generation }));

describe("the parts in which runs are read", () => {
  it("stay the same object while runs are hidden, shown again or removed", () => {
    const first = coverRuns(null, "all", runs(0, 20));
    expect(first.parts).toEqual([{ runs: runs(0, 20), buckets: 240 }]);
    expect(coverRuns(first, "all", runs(5, 10))).toBe(first);
    expect(coverRuns(first, "all", [])).toBe(first);
    expect(coverRuns(first, "all", runs(0, 20).reverse())).toBe(first);
  });

  it("grow by the runs that were never read, at the resolution that all of them allow", () => {
    const first = coverRuns(null, "all", runs(0, 5));
    const grown = coverRuns(first, "all", runs(2, 40));
    expect(grown.parts[0]).toBe(first.parts[0]);
    expect(grown.parts[1]).toEqual({ runs: runs(5, 40), buckets: 120 });
    expect(coverRuns(grown, "all", runs(0, 40))).toBe(grown);
  });

  it("are made anew for another view, for the runs that it shows", () => {
    const first = coverRuns(null, "all", runs(0, 100));
    const zoomed = coverRuns(first, "10–20", runs(3, 6));
    expect(zoomed).toEqual({ view: "10–20", parts: [{ runs: runs(3, 6), buckets: 400 }] });
    expect(coverRuns(zoomed, "10–20", runs(3, 7)).parts.at(-1)?.runs).toEqual(runs(6, 7));
    expect(coverRuns(zoomed, "all", [])).toEqual({ view: "all", parts: [] });
  });

  it("read a run alone that began anew", () => {
    const first = coverRuns(null, "all", runs(0, 3));
    const again = coverRuns(first, "all", [...runs(0, 2), ...runs(2, 3, "g2")]);
    expect(again.parts).toEqual([
      { runs: runs(0, 3), buckets: 400 },
      { runs: runs(2, 3, "g2"), buckets: 400 },
    ]);
  });
});
