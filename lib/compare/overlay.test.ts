import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SeriesBucket } from "../contracts/metrics.ts";
import { groupOverlay, type OverlaySource, prepareOverlay, smoothCells } from "./overlay.ts";

const bucket = (first: number, last: number, value: number): SeriesBucket => ({
  step_first: first,
  step_last: last,
  min: value - 1,
  max: value + 1,
  mean: value,
  first: value,
  last: value,
  count: last - first + 1,
  nan_count: 0,
});
const points = (id: string, values: Record<number, number>): OverlaySource => ({
  id,
  buckets: [],
  lastSeq: 0,
  tail: {
    steps: Object.keys(values).map(Number),
    values: Object.values(values),
    seqs: Object.keys(values).map((_, i) => i + 1),
  },
});

describe("prepareOverlay", () => {
  test("puts runs that log at different steps on one axis, with holes but no gaps", () => {
    const { x, lines } = prepareOverlay(
      [points("a", { 0: 1, 2: 3 }), points("b", { 1: 5, 2: Number.NaN })],
      { columns: 100 },
    );
    expect(x).toEqual([0, 1, 2]);
    expect(lines[0]?.line).toEqual([1, undefined, 3]);
    expect(lines[1]?.line).toEqual([undefined, 5, null]);
  });

  test("takes from the tail only what the history does not hold", () => {
    const source: OverlaySource = {
      ...points("a", { 7: 70, 8: 80 }),
      buckets: [bucket(7, 7, 7)],
      lastSeq: 1,
    };
    expect(prepareOverlay([source], { columns: 10 }).lines[0]?.line).toEqual([7, 80]);
  });

  test("shows the value written last where one step is repeated", () => {
    const source = points("a", {});
    const tail = { steps: [4, 4, 9], values: [1, 2, 3], seqs: [1, 2, 3] };
    expect(prepareOverlay([{ ...source, tail }], { columns: 10 }).lines[0]?.line).toEqual([2, 3]);
  });

  test("never has more cells than asked for, and hides no extreme of any run", () => {
    const values = fc.dictionary(
      fc.nat(100_000).map(String),
      fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
    );
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), (runs) => {
        const sources = runs.map((each, i) => points(`r${i}`, each));
        const { x, lines } = prepareOverlay(sources, { columns: 50 });
        expect(x.length).toBeLessThanOrEqual(52);
        lines.forEach((line, i) => {
          const all = Object.values(runs[i] ?? {});
          if (all.length === 0) return;
          const highs = line.high.flatMap((cell) => cell ?? []);
          const lows = line.low.flatMap((cell) => cell ?? []);
          expect(Math.max(...highs)).toBe(Math.max(...all));
          expect(Math.min(...lows)).toBe(Math.min(...all));
        });
      }),
    );
  });
});

describe("groupOverlay", () => {
  test("draws the mean of a group and one standard deviation to both sides", () => {
    const overlay = prepareOverlay(
      [points("a", { 0: 1, 2: 3 }), points("b", { 0: 3, 1: 4, 2: 5 })],
      {
        columns: 10,
      },
    );
    const [group] = groupOverlay(overlay, [{ key: "g", ids: ["a", "b"] }]).lines;
    expect(group?.line).toEqual([2, 3, 4]);
    expect(group?.high[0]).toBeCloseTo(2 + Math.SQRT2);
    expect(group?.low[0]).toBeCloseTo(2 - Math.SQRT2);
  });

  test("counts a run between its first and last value only", () => {
    const overlay = prepareOverlay([points("a", { 0: 0, 1: 0, 2: 0 }), points("b", { 1: 4 })], {
      columns: 10,
    });
    const [group] = groupOverlay(overlay, [{ key: "g", ids: ["a", "b"] }]).lines;
    expect(group?.line).toEqual([0, 2, 0]);
  });
});

test("smoothing starts at the first value and keeps holes and gaps", () => {
  const smooth = smoothCells([0, 1, 2, 3], [4, undefined, null, 0], 0.9);
  expect(smooth[0]).toBe(4);
  expect(smooth.slice(1, 3)).toEqual([undefined, null]);
  expect(smooth[3]).toBeLessThan(4);
});
