import { describe, expect, test } from "vitest";
import { parseStreamFilter } from "../testing/parse-stream-filter.ts";
import { testRow } from "../testing/test-row.ts";
import { Batch } from "./batch.ts";
import { bareForm } from "./frame-form.ts";

const row = testRow(
  "prediction",
  {
    predictions: [
      { epoch: 1, sample_id: 0 },
      { epoch: 2, sample_id: 0 },
      { epoch: 1, sample_id: 1 },
    ],
    counts: [
      [1, 20],
      [2, 5],
    ],
    total_count: 25,
  },
  { seq: 7, created_at: "2026-01-01T00:00:00.000Z" },
);

function framesOf(query: string) {
  const filter = parseStreamFilter(new URLSearchParams(query));
  const chunk = new Batch("gen", 6, [row], null).chunk(filter, 6, bareForm);
  return new TextDecoder()
    .decode(chunk?.bytes)
    .split("\n\n")
    .filter(Boolean)
    .map((frame) => ({
      id: /^id: (.*)$/m.exec(frame)?.[1],
      data: JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? "null"),
    }));
}

describe("frames of a prediction batch", () => {
  test("each prediction has one, and only the last carries the cursor", () => {
    const frames = framesOf("");
    expect(frames.map((frame) => frame.id)).toEqual([undefined, undefined, "gen-7"]);
    expect(frames.map((frame) => frame.data.total_count)).toEqual([25, 25, 25]);
  });

  test("a summary has a frame per epoch, and only the last carries the cursor", () => {
    expect(framesOf("predictions=summary")).toEqual([
      { id: undefined, data: { epoch: 1, count: 20, seq: 7 } },
      { id: "gen-7", data: { epoch: 2, count: 5, seq: 7 } },
    ]);
    expect(framesOf("predictions=summary&epoch=2")).toEqual([
      { id: "gen-7", data: { epoch: 2, count: 5, seq: 7 } },
    ]);
    expect(framesOf("predictions=summary&epoch=3")).toEqual([]);
  });

  test("a filter for an epoch leaves the others out and counts that epoch", () => {
    const frames = framesOf("epoch=1");
    expect(frames.map((frame) => frame.data.prediction.sample_id)).toEqual([0, 1]);
    expect(frames.map((frame) => frame.id)).toEqual([undefined, "gen-7"]);
    expect(frames.map((frame) => frame.data.total_count)).toEqual([20, 20]);
  });
});
