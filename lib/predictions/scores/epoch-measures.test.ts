import type { ScoreInfo } from "@signalbox/protocol/data/score";
import { describe, expect, test } from "vitest";
import { testTrend } from "../testing/test-trend.ts";
import {
  chooseComparing,
  comparableMeasures,
  epochMeasures,
  shownTrends,
} from "./epoch-measures.ts";

const score = (name: string, kind: ScoreInfo["kind"] = "number"): ScoreInfo => ({
  name,
  kind,
  min: null,
  max: null,
  categories: [],
});
const scores = [score("judge", "text"), score("reward"), score("pass@1")];
const quality = { avg_exact_match: 0.5, avg_char_error_rate: 0.2, scored_count: 4 };
const nothing = { by: null, better: null };

describe("what a run's predictions can be looked at by", () => {
  test("numbers come before texts, after the built-in quality, each in the order of the trainer", () => {
    const { trends } = epochMeasures({
      trends: [testTrend(1, { ...quality, avg_length_ratio: 1, validation_pass_rate: 1 })],
      scores,
    });
    expect(trends).toEqual([
      "exact_match",
      "char_error_rate",
      "scores.reward",
      "scores.pass@1",
      "scores.judge",
      "length_ratio",
      "validation_pass",
    ]);
  });

  test("a run without ground truth is compared by its first number", () => {
    const measures = epochMeasures({ trends: [testTrend(1, { scored_count: 0 })], scores });
    expect(measures.trends).toEqual(["scores.reward", "scores.pass@1", "scores.judge"]);
    expect(comparableMeasures(measures)).toEqual(["scores.reward", "scores.pass@1"]);
    expect(chooseComparing(measures, nothing)).toEqual({ by: "scores.reward", better: "higher" });
  });

  test("a run with ground truth is compared by its error rate, unless another is asked for", () => {
    const measures = epochMeasures({ trends: [testTrend(1, quality)], scores });
    expect(chooseComparing(measures, nothing)).toEqual({ by: "char_error_rate", better: "lower" });
    expect(chooseComparing(measures, { by: "scores.reward", better: null }).better).toBe("higher");
    expect(chooseComparing(measures, { by: "scores.reward", better: "lower" }).better).toBe(
      "lower",
    );
  });

  test("of many charts the first are shown, or those asked for that there are", () => {
    const many = epochMeasures({
      trends: [testTrend(1, quality)],
      scores: Array.from({ length: 40 }, (_, at) => score(`s${at + 10}`)),
    });
    expect(shownTrends(many, null)).toHaveLength(8);
    expect(shownTrends(many, ["scores.s49", "scores.gone", "exact_match"])).toEqual([
      "exact_match",
      "scores.s49",
    ]);
    expect(shownTrends(many, [])).toEqual([]);
  });
});
