import type { ComparedPrediction } from "@signalbox/protocol/data/prediction";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import { parquetFile } from "./export-parquet.ts";
import { csvFile, exportColumns, exportFileName, jsonLines } from "./export-rows.ts";

const prediction: ComparedPrediction = {
  id: "g-2-200-7",
  job_id: "job",
  user_id: "user",
  sample_id: 3,
  sample_index: 7,
  epoch: 2,
  step: 200,
  prompt_id: null,
  prompt: '=HYPERLINK("http://x")',
  prediction: 'say "hi",\nshalom שלום 😀',
  ground_truth: "truth",
  exact_match: 0,
  char_error_rate: 0.25,
  length_ratio: 1.5,
  word_overlap: null,
  validation_pass: true,
  validation_passed: true,
  validation_kind: "json",
  validation_errors: [{ path: "a" }],
  prompt_tokens: 7,
  completion_tokens: 12,
  tokens: 12,
  total_tokens: 19,
  latency_ms: 3.5,
  source_index: 41,
  sample_source: "test",
  sample_source_id: "row-41",
  max_new_tokens: 64,
  do_sample: false,
  scores: { reward: 0.5, judge: "good", "pass@1": "NaN" },
  metadata: { a: 1 },
  created_at: "2026-01-01T00:00:00Z",
  change: -0.5,
  previous: {
    epoch: 1,
    step: 100,
    prediction: "before",
    exact_match: 0,
    char_error_rate: 0.75,
    length_ratio: 1,
    word_overlap: null,
    latency_ms: null,
    tokens: null,
    validation_pass: null,
    scores: { reward: 0.25 },
  },
};
const plain: ComparedPrediction = {
  ...prediction,
  prompt: "p",
  prediction: "q",
  previous: null,
  change: null,
  ground_truth: null,
  validation_pass: null,
  validation_errors: null,
  completion_tokens: null,
  scores: { reward: 2, constructor: 1 },
  metadata: {},
};

describe("CSV", () => {
  test("every line has a field for each column of the header, one for each score", () => {
    const [header, line] = csvFile([plain]).trim().split(/\r?\n/);
    expect(header?.split(",")).toEqual(exportColumns([plain]).map(({ name }) => name));
    expect(header).toContain("scores.reward,scores.constructor");
    expect(line?.split(",")).toHaveLength(header?.split(",").length ?? 0);
  });
});

describe("JSON Lines", () => {
  test("has one line per prediction, with text unchanged", () => {
    const line = jsonLines([prediction]);
    expect(line.trimEnd()).not.toContain("\n");
    expect(JSON.parse(line)).toMatchObject({
      id: "g-2-200-7",
      prompt: '=HYPERLINK("http://x")',
      validation_kind: "json",
      validation_errors: '[{"path":"a"}]',
      total_tokens: 19,
      "scores.reward": 0.5,
      "scores.judge": "good",
      "scores.pass@1": "NaN",
      compare_epoch: 1,
      compare_prediction: "before",
      change: -0.5,
      metadata: '{"a":1}',
    });
  });
});

describe("Parquet", () => {
  test("a reader gets every value back", async () => {
    const rows = await parquetReadObjects({ file: parquetFile([prediction, plain]) });
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      sample_id: 3n,
      prompt: '=HYPERLINK("http://x")',
      prediction: prediction.prediction,
      char_error_rate: 0.25,
      validation_pass: true,
      completion_tokens: 12n,
      source_index: 41n,
      do_sample: false,
      "scores.reward": 0.5,
      "scores.judge": "good",
      "scores.pass@1": Number.NaN,
      change: -0.5,
    });
    expect(rows[1]?.completion_tokens ?? null).toBeNull();
    expect(rows[1]?.ground_truth ?? null).toBeNull();
    expect(rows[1]).toMatchObject({ "scores.reward": 2, "scores.constructor": 1 });
    expect(rows[1]?.["scores.judge"] ?? null).toBeNull();
  });

  test("a score of numbers and texts is a column of texts", async () => {
    const mixed = [plain, { ...plain, scores: { reward: "none" } }];
    const rows = await parquetReadObjects({ file: parquetFile(mixed) });
    expect(rows.map((row) => row["scores.reward"])).toEqual(["2", "none"]);
  });

  test("no rows make a file without rows", async () => {
    expect(await parquetReadObjects({ file: parquetFile([]) })).toEqual([]);
  });
});

test("a file name contains only characters valid on every file system", () => {
  expect(exportFileName(["job:1/2", "epoch", 3, null, "worst"], "csv")).toBe(
    "job_1_2-epoch-3-worst.csv",
  );
  expect(exportFileName([], "parquet")).toBe("predictions.parquet");
});
