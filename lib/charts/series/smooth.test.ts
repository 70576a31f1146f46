import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SmoothingKind, smoothingKinds, smoothLine } from "./smooth.ts";

const steps = (count: number) => Array.from({ length: count }, (_, index) => index);
const rounded = (line: readonly (number | null)[]) => line.map((v) => v && Number(v.toFixed(9)));

describe.each(smoothingKinds)("%s smoothing", (kind: SmoothingKind) => {
  it("leaves a constant as it is, from its first value on", () => {
    expect(rounded(smoothLine([0, 3, 4], [4, 4, 4], { kind, amount: 0.9 }))).toEqual([4, 4, 4]);
  });

  it("of amount 0 changes nothing", () => {
    expect(smoothLine([0, 1, 2], [1, 5, 2], { kind, amount: 0 })).toEqual([1, 5, 2]);
  });

  it("keeps gaps, and stays between the lowest and the highest value", () => {
    const value = fc.option(fc.integer({ min: -100, max: 100 }));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 2 }),
        fc.double({ min: 0, max: 0.99 }),
        (line, amount) => {
          if (Number.isNaN(amount)) return;
          const smooth = smoothLine(steps(line.length), line, { kind, amount });
          const values = line.filter((each) => each !== null);
          smooth.forEach((each, index) => {
            expect(each === null).toBe(line[index] === null);
            if (each === null) return;
            expect(each).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
            expect(each).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
          });
        },
      ),
    );
  });

  it("weighs values by their distance on the x axis", () => {
    const far = smoothLine([0, 900, 1000], [0, 1, 1], { kind, amount: 0.5 }).at(-1) ?? 0;
    const near = smoothLine([0, 999, 1000], [1, 0, 1], { kind, amount: 0.5 }).at(-1) ?? 0;
    expect(far).toBeGreaterThan(0.99);
    expect(near).toBeLessThan(0.9);
  });
});

describe("a running mean", () => {
  it("is exact again as soon as a huge value has left it", () => {
    const line = steps(101).map((at) => (at === 20 ? 1e30 : 1));
    const smooth = smoothLine(steps(101), line, { kind: "mean", amount: 0.5 });
    expect(smooth[20]).toBeGreaterThan(1e28);
    expect(smooth.slice(26)).toEqual(Array.from({ length: 75 }, () => 1));
  });
});

describe("gaussian smoothing", () => {
  it("spreads one peak as a bell, evenly to both sides", () => {
    const x = steps(1001);
    const line = x.map((at) => (at === 500 ? 1 : 0));
    const smooth = smoothLine(x, line, { kind: "gaussian", amount: 0.5 });
    // Its standard deviation is a twentieth of the extent times the amount: 25.
    const bell = (distance: number) => Math.exp((-0.5 * distance ** 2) / 25 ** 2) / (25 * 2.5066);
    for (const distance of [0, 10, 25, 40]) {
      expect(Math.abs((smooth[500 + distance] ?? 0) - bell(distance))).toBeLessThan(0.0013);
      expect(smooth[500 - distance]).toBeCloseTo(smooth[500 + distance] ?? 0, 9);
    }
  });
});
