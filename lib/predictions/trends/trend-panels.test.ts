import { describe, expect, test } from "vitest";
import { testTrend } from "../testing/test-trend.ts";
import { formatTrendTicks } from "./trend-measures.ts";
import { trendPanel } from "./trend-panels.ts";

const errors = (epoch: number, mean: number, worst: number) =>
  testTrend(epoch, {
    avg_char_error_rate: mean,
    min_char_error_rate: 0,
    max_char_error_rate: worst,
  });
const reward = (epoch: number, mean: number | null, min = mean, max = mean) =>
  testTrend(epoch, { scores: { reward: { count: 4, mean, min, max } } });

describe("trend panels", () => {
  test("an epoch that was not measured is a gap, not a zero", () => {
    const { points } = trendPanel("exact_match", [
      testTrend(0),
      testTrend(1, { avg_exact_match: 0.5 }),
    ]);
    expect(points.map(({ value }) => value)).toEqual([null, 0.5]);
    const scored = trendPanel("scores.reward", [testTrend(0), reward(1, null), reward(2, 0)]);
    expect(scored.points.map(({ value }) => value)).toEqual([null, null, 0]);
  });

  test("shares always run to 1, the error rate as high as its worst sample", () => {
    const trends = [{ ...errors(0, 0.7, 1.31), avg_exact_match: 0.02 }];
    expect(trendPanel("exact_match", trends).domain).toEqual([0, 1]);
    const error = trendPanel("char_error_rate", trends);
    expect(error.domain).toEqual([0, 1.5]);
    expect(error.points[0]?.band).toEqual([0, 1.31]);
  });

  test("one epoch's worst sample does not flatten the others", () => {
    const error = trendPanel("char_error_rate", [
      errors(0, 1.9, 40),
      errors(1, 0.5, 0.9),
      errors(2, 0.3, 0.8),
    ]);
    expect(error.domain).toEqual([0, 2]);
  });

  test("a score has its mean and its band", () => {
    const { points } = trendPanel("scores.reward", [reward(0, 0.5, -1, 2)]);
    expect(points).toEqual([{ epoch: 0, value: 0.5, band: [-1, 2] }]);
  });

  test("the axis of a score holds its means, starts at 0 where that fits, and has round ticks", () => {
    const axis = (...means: number[]) => {
      const { domain, ticks } = trendPanel(
        "scores.reward",
        means.map((mean, epoch) => reward(epoch, mean)),
      );
      expect(domain[0]).toBeLessThanOrEqual(Math.min(...means));
      expect(domain[1]).toBeGreaterThanOrEqual(Math.max(...means));
      expect(domain[1]).toBeGreaterThan(domain[0]);
      return formatTrendTicks("scores.reward", ticks);
    };
    expect(axis(0.31, 0.72)).toEqual(["0", "0.5", "1.0"]);
    expect(axis(-1.4, 2)).toEqual(["-2", "0", "2"]);
    expect(axis(-12, -3)).toEqual(["-15", "-10", "-5", "0"]);
    // Near each other and far from 0: only the part in between is shown.
    expect(axis(1001, 1003)).toEqual(["1.001k", "1.002k", "1.003k"]);
    expect(axis(5, 5)).toHaveLength(4);
    expect(axis(0, 0)).toHaveLength(3);
  });
});
