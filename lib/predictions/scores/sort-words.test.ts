import { describe, expect, test } from "vitest";
import { columnSort, describeSort, sortChoices, sortField } from "./sort-words.ts";

const byReward = { by: "scores.reward", better: "higher" } as const;
const byError = { by: "char_error_rate", better: "lower" } as const;

describe("sorting by measures", () => {
  test("“worst” and “best” are a sort of the column they go by", () => {
    expect(columnSort("worst", byReward)).toBe("scores.reward");
    expect(columnSort("best", byReward)).toBe("-scores.reward");
    expect(columnSort("worst", byError)).toBe("-char_error_rate");
    expect(columnSort("best", byError)).toBe("char_error_rate");
    expect(columnSort("index", byError)).toBe("index");
  });

  test("every sort has words, texts those of texts", () => {
    expect(describeSort("regressed")).toBe("Most regressed");
    expect(describeSort("-scores.pass@1")).toBe("pass@1, highest first");
    expect(describeSort("latency_ms")).toBe("Latency, lowest first");
    expect(describeSort("scores.judge", true)).toBe("judge, A to Z");
  });

  test("changes can be sorted by only beside another epoch", () => {
    expect(sortChoices(["scores.a"], false)).toEqual([
      "index",
      "-index",
      "worst",
      "best",
      "-scores.a",
      "scores.a",
    ]);
    expect(sortChoices([], true)).toContain("regressed");
  });

  test("the measure of a sort is found", () => {
    expect(sortField("-scores.-odd")).toBe("scores.-odd");
    expect(sortField("worst")).toBeNull();
  });
});
