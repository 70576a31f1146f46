import type { ScoreInfo } from "@signalbox/protocol/data/score";
import { describe, expect, test } from "vitest";
import { allColumns, columnField, columnName, defaultColumns } from "./column-ids";

const score = (name: string, kind: ScoreInfo["kind"] = "number"): ScoreInfo => ({
  name,
  kind,
  min: null,
  max: null,
  categories: [],
});
const unscored = { trends: [], scored: false, validated: false };
const around = { compared: true, narrow: false, by: "char_error_rate" } as const;

describe("the columns of the predictions", () => {
  test("without scores they are the quality and both answers", () => {
    expect(defaultColumns({ ...unscored, scores: [], scored: true }, around)).toEqual([
      "index",
      "verdict",
      "truth",
      "prediction",
      "previous",
      "error",
      "change",
    ]);
  });

  test("the first scores are shown, and the one that answers are compared by", () => {
    const scores = ["a", "b", "c", "d", "e", "f"].map((name) => score(name));
    const by = "scores.f" as const;
    const columns = defaultColumns({ ...unscored, scores, scored: true }, { ...around, by });
    expect(columns.slice(-4)).toEqual(["change", "scores.a", "scores.b", "scores.f"]);
    expect(
      defaultColumns({ ...unscored, scores, scored: true }, { ...around, by, narrow: true }),
    ).toEqual(["index", "verdict", "prediction", "scores.f"]);
  });

  test("a run without ground truth has no columns for one", () => {
    const columns = defaultColumns(
      { ...unscored, scores: [score("reward"), score("judge", "text")] },
      { ...around, by: "scores.reward" },
    );
    expect(columns).toEqual(["index", "prediction", "change", "scores.reward", "scores.judge"]);
  });

  test("texts alone cannot change", () => {
    const columns = defaultColumns({ ...unscored, scores: [score("judge", "text")] }, around);
    expect(columns).toEqual(["index", "prediction", "scores.judge"]);
  });

  test("every score has a column that sorts by it", () => {
    expect(allColumns({ scores: [score("pass@1")] })).toContain("scores.pass@1");
    expect(columnField("scores.pass@1")).toBe("scores.pass@1");
    expect(columnField("latency")).toBe("latency_ms");
    expect(columnName("scores.pass@1")).toBe("pass@1");
  });
});
