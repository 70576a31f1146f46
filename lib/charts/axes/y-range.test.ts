import { describe, expect, it } from "vitest";
import { seriesOf } from "../testing/line-pictures.ts";
import { logRange, stepRange, withoutOutliers, yRange } from "./y-range.ts";

describe("leaving outliers out", () => {
  it("keeps a single spike from flattening the rest", () => {
    const values = Array.from({ length: 100 }, (_, index) => (index === 50 ? 1e6 : index % 10));
    expect(withoutOutliers(seriesOf(values), 0.01)).toEqual({ min: 0, max: 9 });
    expect(withoutOutliers(seriesOf(values), 0)).toBeNull();
  });
});

describe("the range of an axis", () => {
  it("pads the data, and stays above zero if the data does", () => {
    expect(yRange(0, 10)).toEqual([0, 10.6]);
    expect(yRange(-1, 1)).toEqual([-1.12, 1.12]);
    expect(yRange(3, 3)).toEqual([1.5, 4.5]);
    expect(yRange(null, null)).toEqual([0, 1]);
  });

  it("is rounded outwards to one digit on a logarithmic axis", () => {
    expect(logRange(0.45, 3.6)).toEqual([0.4, 4]);
    expect(logRange(0.00031, 0.003)).toEqual([0.0003, 0.003]);
    expect(logRange(17_000, 19_000)).toEqual([10_000, 20_000]);
    expect(logRange(3, 3)).toEqual([3, 4]);
    expect(logRange(null, null)).toEqual([0.1, 1]);
    expect(logRange(0, 5)).toEqual([0.1, 1]);
  });

  it("is never empty", () => {
    expect(stepRange(5, 5)).toEqual({ from: 4, to: 6 });
    expect(stepRange(null, null)).toEqual({ from: 0, to: 1 });
    expect(stepRange(0, 100)).toEqual({ from: 0, to: 100 });
  });
});
