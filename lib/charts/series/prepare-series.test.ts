import { describe, expect, it } from "vitest";
import { logRange, stepRange, yRange } from "../axes/y-range.ts";
import { columnText, describeSeries, lastValueText } from "../kinds/line/line-text.ts";
import { groupPanels, seriesLeaf, seriesPrefix } from "../panels/group-panels.ts";
import { seriesColour } from "../style/series-colour.ts";
import { mergeTail } from "./merge-tail.ts";
import { prepareSeries } from "./prepare-series.ts";

const prepare = (points: [step: number, value: number][], maxColumns = 1000) =>
  prepareSeries(
    mergeTail(
      null,
      { steps: points.map(([s]) => s), values: points.map(([, v]) => v) },
      { maxColumns },
    ),
  );

describe("preparing a series", () => {
  it("draws the value written last where a step repeats, and keeps all of them in the band", () => {
    const series = prepare([
      [0, 1],
      [1, 9],
      [1, 2],
    ]);
    expect(series.line).toEqual([1, 2]);
    expect(series.low).toEqual([1, 2]);
    expect(series.high).toEqual([1, 9]);
    expect(series.hasBand).toBe(true);
  });

  it("leaves a gap and a mark for NaN and infinity, never a zero", () => {
    const series = prepare([
      [0, 1],
      [1, Number.NaN],
      [2, Number.POSITIVE_INFINITY],
      [3, 2],
    ]);
    expect(series.line).toEqual([1, null, null, 2]);
    expect(series.gaps).toEqual([
      { x: 1, kind: "NaN" },
      { x: 2, kind: "∞" },
    ]);
  });

  it("shows a spike in the band however coarse the columns are", () => {
    const points = Array.from({ length: 4000 }, (_, i): [number, number] => [
      i,
      i === 1234 ? 99 : 1,
    ]);
    const series = prepare(points, 100);
    expect(series.x.length).toBeLessThanOrEqual(100);
    expect(Math.max(...series.high.map((v) => v ?? 0))).toBe(99);
    expect(Math.max(...series.line.map((v) => v ?? 0))).toBeLessThan(10);
  });

  it("keeps step 0", () => {
    expect(prepare([[0, 4.4]]).last).toEqual({ step: 0, value: 4.4 });
  });

  it("draws few points as dots, and of many those that no line reaches", () => {
    expect(prepare([[0, 1]]).dots).toEqual([0]);
    const many = Array.from({ length: 100 }, (_, i): [number, number] => [
      i,
      i === 49 || i === 51 ? Number.NaN : i,
    ]);
    expect(prepare(many).dots).toEqual([50]);
  });

  it("orders steps that came out of order", () => {
    expect(
      prepare([
        [5, 1],
        [1, 2],
        [3, 3],
      ]).x,
    ).toEqual([1, 3, 5]);
  });
});

describe("reading a panel", () => {
  it("gives the exact figure of a step and the spread of several", () => {
    const [single] = prepare([[4310, 0.56921]]).columns;
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

  it("says the last value otherwise", () => {
    expect(lastValueText("train/learning_rate", prepare([[7, 0.0015]]))?.value).toBe("1.5e-3");
    expect(lastValueText("train/loss", prepare([]))).toBeNull();
  });

  it("describes the series in words", () => {
    expect(
      describeSeries(
        "train/loss",
        prepare([
          [0, 4.4],
          [1, Number.NaN],
          [2, 0.5],
        ]),
      ),
    ).toBe(
      "train/loss: last 0.5000 at step 2. Lowest 0.5000 at step 2, highest 4.400 at step 0. 1 value is not finite.",
    );
    expect(describeSeries("a", prepare([]))).toBe("a: no values yet.");
  });
});

describe("panels", () => {
  it("groups by the part before the first slash or dot, training first and the machine last", () => {
    const groups = groupPanels([
      "system/cpu",
      "train/grad_norm",
      "train/loss",
      "eval/loss",
      "lr",
      "aux.kl",
    ]);
    expect(groups).toEqual([
      { prefix: "train", names: ["train/loss", "train/grad_norm"] },
      { prefix: "eval", names: ["eval/loss"] },
      { prefix: "aux", names: ["aux.kl"] },
      { prefix: "other", names: ["lr"] },
      { prefix: "system", names: ["system/cpu"] },
    ]);
  });

  it("searches by words in any order", () => {
    expect(groupPanels(["train/loss", "eval/loss"], { query: "LOSS ev" })).toEqual([
      { prefix: "eval", names: ["eval/loss"] },
    ]);
  });

  it("splits names at the first separator only", () => {
    expect([seriesPrefix("a/b/c"), seriesLeaf("a/b/c")]).toEqual(["a", "b/c"]);
    expect([seriesPrefix("/odd"), seriesLeaf("odd/")]).toEqual(["other", "odd/"]);
  });

  it("gives a name the same colour wherever it appears", () => {
    expect(seriesColour("train/loss")).toBe(seriesColour("eval/loss"));
    expect(seriesColour("custom/thing")).toBe(seriesColour("custom/thing"));
    expect(seriesColour("custom/thing")).toBeGreaterThanOrEqual(1);
    expect(seriesColour("custom/thing")).toBeLessThanOrEqual(8);
  });
});

describe("axes", () => {
  it("gives the data air and keeps a non-negative series off the negative", () => {
    expect(yRange(0, 10)).toEqual([0, 10.6]);
    expect(yRange(-1, 1)).toEqual([-1.12, 1.12]);
    expect(yRange(3, 3)).toEqual([1.5, 4.5]);
    expect(yRange(null, null)).toEqual([0, 1]);
  });

  it("goes outwards to one digit on a logarithmic axis", () => {
    expect(logRange(0.45, 3.6)).toEqual([0.4, 4]);
    expect(logRange(0.00031, 0.003)).toEqual([0.0003, 0.003]);
    expect(logRange(17_000, 19_000)).toEqual([10_000, 20_000]);
    expect(logRange(3, 3)).toEqual([3, 4]);
    expect(logRange(null, null)).toEqual([0.1, 1]);
    expect(logRange(0, 5)).toEqual([0.1, 1]);
  });

  it("is never of no width", () => {
    expect(stepRange(5, 5)).toEqual({ from: 4, to: 6 });
    expect(stepRange(null, null)).toEqual({ from: 0, to: 1 });
    expect(stepRange(0, 100)).toEqual({ from: 0, to: 100 });
  });
});
