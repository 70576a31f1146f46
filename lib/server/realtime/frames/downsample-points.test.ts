import type { StoredTuple } from "@signalbox/protocol/stream/stream-row";
import { fromWireNumber } from "@signalbox/protocol/wire/wire-number";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { downsamplePoints } from "./downsample-points.ts";

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom("NaN" as const, "Infinity" as const, "-Infinity" as const),
);
const series = fc
  .array(fc.tuple(value, fc.integer({ min: 0, max: 400 })), { maxLength: 200 })
  .map((items) => items.map(([v, ts], step): StoredTuple => [step, v, ts]));

describe("downsampling", () => {
  it("keeps order, ends, extremes and what is not finite, five points a window at most", () => {
    fc.assert(
      fc.property(series, (points) => {
        const kept = downsamplePoints(points);
        const steps = kept.map(([step]) => step);
        expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
        expect(kept.at(0)).toEqual(points.at(0));
        expect(kept.at(-1)).toEqual(points.at(-1));
        const finite = (all: StoredTuple[]) =>
          all.map(([, v]) => fromWireNumber(v)).filter(Number.isFinite);
        expect(Math.min(...finite(kept))).toBe(Math.min(...finite(points)));
        expect(Math.max(...finite(kept))).toBe(Math.max(...finite(points)));
        const odd = (all: StoredTuple[]) => all.some(([, v]) => typeof v === "string");
        expect(odd(kept)).toBe(odd(points));
      }),
    );
  });

  it("keeps a spike among a thousand points of one moment", () => {
    const points = Array.from({ length: 1000 }, (_, n): StoredTuple => [n, n === 500 ? 99 : 1, 7]);
    const kept = downsamplePoints(points);
    expect(kept.map(([step]) => step)).toEqual([0, 500, 999]);
  });

  it("leaves a quiet series as it is", () => {
    const points = Array.from({ length: 50 }, (_, n): StoredTuple => [n, n, n * 100]);
    expect(downsamplePoints(points)).toEqual(points);
  });
});
