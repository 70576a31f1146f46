import { describe, expect, it } from "vitest";
import { seriesOf } from "../testing/line-pictures.ts";
import { withoutOutliers } from "./y-range.ts";

describe("leaving outliers out", () => {
  it("keeps a single spike from pressing the rest flat", () => {
    const values = Array.from({ length: 100 }, (_, index) => (index === 50 ? 1e6 : index % 10));
    expect(withoutOutliers(seriesOf(values), 0.01)).toEqual({ min: 0, max: 9 });
    expect(withoutOutliers(seriesOf(values), 0)).toBeNull();
  });
});
