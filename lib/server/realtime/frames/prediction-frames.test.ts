import { describe, expect, test } from "vitest";
import { parseStreamFilter } from "../testing/parse-stream-filter.ts";
import { bareForm } from "./frame-form.ts";
import { predictionFrames } from "./prediction-frames.ts";

const row = {
  seq: 7,
  stream: "prediction" as const,
  created_at: "2026-01-01T00:00:00.000Z",
  payload: {
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
};

function framesOf(query: string) {
  const filter = parseStreamFilter(new URLSearchParams(query));
  return predictionFrames(filter, row, "gen-7", bareForm)
    .join("")
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

  test("a filter for an epoch leaves the others out and counts that epoch", () => {
    const frames = framesOf("epoch=1");
    expect(frames.map((frame) => frame.data.prediction.sample_id)).toEqual([0, 1]);
    expect(frames.map((frame) => frame.id)).toEqual([undefined, "gen-7"]);
    expect(frames.map((frame) => frame.data.total_count)).toEqual([20, 20]);
  });
});
