import { describe, expect, it } from "vitest";
import { mergeTail } from "../../series/merge-tail.ts";
import { prepareSeries } from "../../series/prepare-series.ts";
import { seriesOfPoints } from "../../testing/line-pictures.ts";
import { columnText, describeSeries, lastValueText } from "./line-text.ts";

describe("the values of a line in words", () => {
  it("are the exact value of one step, and the mean and spread of several", () => {
    const [single] = seriesOfPoints([[4310, 0.56921]]).columns;
    expect(single && columnText("train/loss", single)).toEqual({
      value: "0.5692",
      at: "step 4,310",
      range: null,
    });
    const [wide] = prepareSeries(
      mergeTail(
        {
          lastSeq: 9,
          buckets: [
            {
              step_first: 16,
              step_last: 31,
              min: 1,
              max: 3,
              mean: 2,
              first: 1,
              last: 3,
              count: 16,
              nan_count: 0,
            },
          ],
        },
        null,
        { maxColumns: 10 },
      ),
    ).columns;
    expect(wide && columnText("train/loss", wide)).toEqual({
      value: "2",
      at: "steps 16–31",
      range: "1 … 3",
    });
  });

  it("are the last value without a crosshair", () => {
    expect(lastValueText("train/learning_rate", seriesOfPoints([[7, 0.0015]]))?.value).toBe(
      "1.5e-3",
    );
    expect(lastValueText("train/loss", seriesOfPoints([]))).toBeNull();
  });

  it("sum up the series for screen readers", () => {
    expect(
      describeSeries(
        "train/loss",
        seriesOfPoints([
          [0, 4.4],
          [1, Number.NaN],
          [2, 0.5],
        ]),
      ),
    ).toBe(
      "train/loss: last 0.5000 at step 2. Lowest 0.5000 at step 2, highest 4.400 at step 0. 1 value is not finite.",
    );
    expect(describeSeries("a", seriesOfPoints([]))).toBe("a: no values yet.");
  });
});
