import { describe, expect, it } from "vitest";
import { coverRuns } from "./run-parts.ts";

const ids = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `run-${from + index}`);

describe("the parts in which runs are read", () => {
  it("stay the same object while runs are hidden, shown again or taken out", () => {
    const first = coverRuns(null, "all", ids(0, 20));
    expect(first.parts).toEqual([{ runs: ids(0, 20), buckets: 240 }]);
    expect(coverRuns(first, "all", ids(5, 10))).toBe(first);
    expect(coverRuns(first, "all", [])).toBe(first);
    expect(coverRuns(first, "all", ids(0, 20).reverse())).toBe(first);
  });

  it("grow by what was never read, alone, and as coarse as all of it asks for", () => {
    const first = coverRuns(null, "all", ids(0, 5));
    const grown = coverRuns(first, "all", ids(2, 40));
    expect(grown.parts[0]).toBe(first.parts[0]);
    expect(grown.parts[1]).toEqual({ runs: ids(5, 40), buckets: 120 });
    expect(coverRuns(grown, "all", ids(0, 40))).toBe(grown);
  });

  it("are made anew for another view, of the runs that it shows", () => {
    const first = coverRuns(null, "all", ids(0, 100));
    const zoomed = coverRuns(first, "10–20", ids(3, 6));
    expect(zoomed).toEqual({ view: "10–20", parts: [{ runs: ids(3, 6), buckets: 400 }] });
    expect(coverRuns(zoomed, "10–20", ids(3, 7)).parts.at(-1)?.runs).toEqual(["run-6"]);
    expect(coverRuns(zoomed, "all", [])).toEqual({ view: "all", parts: [] });
  });
});
