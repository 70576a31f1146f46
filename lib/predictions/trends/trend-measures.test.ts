import { describe, expect, test } from "vitest";
import { testTrend } from "../testing/test-trend.ts";
import { describeChange, describeImprovement } from "./describe-improvement.ts";
import { direction, formatTrend, formatTrendChange } from "./trend-measures.ts";

describe("better and worse", () => {
  test("follow from the measure, for scores from their name", () => {
    expect(direction("exact_match", 0.1, 0.2)).toBe("better");
    expect(direction("char_error_rate", 0.1, 0.2)).toBe("worse");
    expect(direction("length_ratio", 1.4, 0.9)).toBe("better");
    expect(direction("word_overlap", 0.3, 0.3)).toBe("same");
    expect(direction("scores.reward", 0.1, 0.2)).toBe("better");
    expect(direction("scores.value_loss", 0.1, 0.2)).toBe("worse");
  });

  test("the reader's own word takes precedence", () => {
    expect(direction("scores.reward", 0.1, 0.2, "lower")).toBe("worse");
  });
});

describe("improvement in words", () => {
  test("of the error rate, in per cent", () => {
    expect(describeImprovement(61.23, [0, 7])).toBe(
      "The character error rate fell by 61.2% from epoch 0 to epoch 7.",
    );
    expect(describeImprovement(-8, [1, 2])).toContain("rose by 8.0%");
    expect(describeImprovement(null, [1])).toContain("from the second epoch on");
    expect(describeImprovement(null, [0, 1])).toContain("is unknown");
  });

  test("of a score, between the epochs that have it", () => {
    const reward = (epoch: number, mean: number) =>
      testTrend(epoch, { scores: { reward: { count: 1, mean, min: mean, max: mean } } });
    const trends = [testTrend(0), reward(1, 0.25), reward(2, 0.5), testTrend(3)];
    expect(describeChange("scores.reward", trends)).toEqual({
      direction: "better",
      change: "+0.2500",
      rose: true,
      sentence: "The mean of reward rose from 0.2500 to 0.5000 between epochs 1 and 2.",
    });
    expect(describeChange("scores.reward", [reward(1, 0.25)])).toBeNull();
    expect(describeChange("scores.reward", [reward(1, 2), reward(2, 2)])?.sentence).toBe(
      "The mean of reward stayed at 2 between epochs 1 and 2.",
    );
  });

  test("shares are in percentage points, scores in four significant digits", () => {
    expect(formatTrendChange("exact_match", 0.5, 0.25)).toBe("−25.0 pts");
    expect(formatTrendChange("scores.reward", 1, 1.23456)).toBe("+0.2346");
    expect(formatTrend("scores.reward", 12345.678)).toBe("12,346");
  });
});
