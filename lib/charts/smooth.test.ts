import { describe, expect, it } from "vitest";
import { smoothLine } from "./smooth.ts";

describe("smoothing", () => {
  it("begins at the first value instead of near zero", () => {
    expect(smoothLine([4, 4, 4], 0.9).map((v) => Number(v?.toFixed(9)))).toEqual([4, 4, 4]);
  });

  it("of weight 0 changes nothing", () => {
    expect(smoothLine([1, 5, 2], 0)).toEqual([1, 5, 2]);
  });

  it("keeps gaps and goes on behind them", () => {
    const [first, gap, last] = smoothLine([2, null, 4], 0.5);
    expect([first, gap]).toEqual([2, null]);
    expect(last).toBeCloseTo(10 / 3);
  });
});
