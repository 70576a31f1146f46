import { describe, expect, test } from "vitest";
import { headlineMetric } from "./headline-metric.ts";

describe("headlineMetric", () => {
  test("is the loss of an SFT run and the reward of an RL run", () => {
    const latest = { "system/cpu": 3, "train/reward_mean": 0.7, "train/loss": 0.5 };
    expect(headlineMetric({ kind: "sft", latest })).toMatchObject({ short: "loss", value: 0.5 });
    expect(headlineMetric({ kind: "rl", latest })).toMatchObject({ short: "reward", value: 0.7 });
  });

  test("finds a loss by another name, and is null before the first point", () => {
    expect(headlineMetric({ kind: "sft", latest: { "val.bce_loss": 1 } })?.name).toBe(
      "val.bce_loss",
    );
    expect(headlineMetric({ kind: "sft", latest: {} })).toBeNull();
  });
});
