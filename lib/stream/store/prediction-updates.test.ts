import { predictionOf } from "@signalbox/protocol/data/testing/prediction-of";
import { expect, test } from "vitest";
import { applyFrame, emptySlices, type TrainingSlices } from "./training-state.ts";

const prediction = (epoch: number) => predictionOf({ id: `g-${epoch}-1-0`, epoch });

const after = (slices: TrainingSlices, ...epochs: number[]) =>
  epochs.reduce(
    (held, epoch) =>
      applyFrame(held, {
        event: "prediction",
        data: {
          prediction: prediction(epoch),
          total_count: 1,
          timestamp: "2026-01-01T00:00:00Z",
        },
      }),
    slices,
  );

test("records which epochs have new predictions, and which changed since a version", () => {
  const first = after(emptySlices(), 0, 0, 1);
  expect(first.predictions.version).toBe(3);
  expect([...first.predictions.epochs]).toEqual([
    [0, 2],
    [1, 3],
  ]);
  const second = after(first, 1);
  expect(second.predictions.epochs.get(0)).toBe(2);
  expect(second.predictions.epochs.get(1)).toBe(4);
  expect(first.predictions.epochs.get(1)).toBe(3);
});

test("records the epochs of summaries as those of predictions", () => {
  const held = applyFrame(after(emptySlices(), 0), {
    event: "prediction_summary",
    id: "gen1-9",
    data: { epoch: 2, count: 40, seq: 9 },
  });
  expect(held.predictions.version).toBe(2);
  expect(held.predictions.epochs.get(2)).toBe(2);
});

test("leaves everything else as it was", () => {
  const held = emptySlices();
  expect(after(held, 1).series).toBe(held.series);
});

test("a reset forgets them", () => {
  const held = after(emptySlices(), 1);
  const reset = applyFrame(held, { event: "reset", data: { reason: "generation" } });
  expect(reset.predictions.version).toBe(0);
});
