import type { PredictionTrend } from "@signalbox/protocol/data/prediction";
import { describe, expect, test } from "vitest";
import { describeImprovement, direction, trendPanels } from "./trend-panels.ts";

const trend = (epoch: number, figures: Partial<PredictionTrend> = {}): PredictionTrend => ({
  epoch,
  step: epoch * 100,
  sample_count: 4,
  scored_count: 4,
  avg_exact_match: null,
  avg_char_error_rate: null,
  avg_length_ratio: null,
  avg_word_overlap: null,
  min_char_error_rate: null,
  max_char_error_rate: null,
  validation_pass_rate: null,
  ...figures,
});

describe("trend panels", () => {
  test("only what was measured has a panel", () => {
    expect(trendPanels([trend(0), trend(1)])).toEqual([]);
    const panels = trendPanels([trend(0), trend(1, { avg_exact_match: 0.5 })]);
    expect(panels.map(({ id }) => id)).toEqual(["exact"]);
    expect(panels[0]?.points.map(({ value }) => value)).toEqual([null, 0.5]);
  });

  test("shares always run to 1, the error rate as high as its worst sample", () => {
    const [exact, error] = trendPanels([
      trend(0, {
        avg_exact_match: 0.02,
        avg_char_error_rate: 0.7,
        min_char_error_rate: 0.1,
        max_char_error_rate: 1.31,
      }),
    ]);
    expect(exact?.domain).toEqual([0, 1]);
    expect(error?.domain).toEqual([0, 1.5]);
    expect(error?.points[0]?.band).toEqual([0.1, 1.31]);
  });

  test("one epoch's worst sample does not flatten the others", () => {
    const at = (epoch: number, mean: number, worst: number) =>
      trend(epoch, {
        avg_char_error_rate: mean,
        min_char_error_rate: 0,
        max_char_error_rate: worst,
      });
    const [error] = trendPanels([at(0, 1.9, 40), at(1, 0.5, 0.9), at(2, 0.3, 0.8)]);
    expect(error?.domain).toEqual([0, 2]);
  });

  test("knows which direction is better", () => {
    expect(direction("exact", 0.1, 0.2)).toBe("better");
    expect(direction("error", 0.1, 0.2)).toBe("worse");
    expect(direction("ratio", 1.4, 0.9)).toBe("better");
    expect(direction("overlap", 0.3, 0.3)).toBe("same");
  });

  test("describes the improvement in words", () => {
    expect(describeImprovement(61.23, [0, 7])).toBe(
      "The character error rate fell by 61.2% from epoch 0 to epoch 7.",
    );
    expect(describeImprovement(-8, [1, 2])).toContain("rose by 8.0%");
    expect(describeImprovement(null, [1])).toContain("from the second epoch on");
    expect(describeImprovement(null, [0, 1])).toContain("is unknown");
  });
});
