import { describe, expect, test } from "vitest";
import { testJob } from "../../../lib/jobs/testing/test-job.ts";
import { headlineMetric } from "../table/headline-metric.ts";
import { sparkPath } from "../table/spark-path.ts";
import { activeSecondsAt, etaSeconds } from "../table/timing.ts";
import { holdOrder } from "./hold-order.ts";

describe("headlineMetric", () => {
  test("is the loss of a fine-tuning and the reward of a reinforcement run", () => {
    const latest = { "system/cpu": 3, "train/reward_mean": 0.7, "train/loss": 0.5 };
    expect(headlineMetric({ kind: "sft", latest })).toMatchObject({ short: "loss", value: 0.5 });
    expect(headlineMetric({ kind: "rl", latest })).toMatchObject({ short: "reward", value: 0.7 });
  });

  test("finds a loss by another name, and says nothing before the first point", () => {
    expect(headlineMetric({ kind: "sft", latest: { "val.bce_loss": 1 } })?.name).toBe(
      "val.bce_loss",
    );
    expect(headlineMetric({ kind: "sft", latest: {} })).toBeNull();
  });
});

describe("etaSeconds", () => {
  const run = testJob({ id: "a", progress: 0.25, active_seconds: 30 });

  test("extends the pace so far and ticks down between updates", () => {
    expect(etaSeconds(run, 1000)).toBe(90);
    expect(etaSeconds(run, 11_000)).toBe(80);
    expect(etaSeconds(run, 999_000)).toBe(0);
  });

  test("guesses nothing at the very start, while paused, or without progress", () => {
    expect(etaSeconds({ ...run, progress: 0.001 }, 0)).toBeNull();
    expect(etaSeconds({ ...run, status: "paused" }, 0)).toBeNull();
    expect(etaSeconds({ ...run, progress: null }, 0)).toBeNull();
  });
});

describe("activeSecondsAt", () => {
  test("ticks while the run trains and stands while it is paused", () => {
    const running = testJob({ id: "a", active_seconds: 10 });
    const paused = testJob({ id: "b", status: "paused", active_seconds: 10 });
    activeSecondsAt(running, 1000);
    activeSecondsAt(paused, 1000);
    expect(activeSecondsAt(running, 6000)).toBe(15);
    expect(activeSecondsAt(paused, 6000)).toBe(10);
  });
});

describe("holdOrder", () => {
  const all = () => true;

  test("keeps rows in place and lets new ones wait", () => {
    expect(holdOrder(["b", "a"], ["c", "b", "a"], all)).toEqual({ order: ["b", "a"], waiting: 1 });
    expect(holdOrder(["b", "a"], ["a", "b"], all)).toEqual({ order: ["b", "a"], waiting: 0 });
  });

  test("adds the next page below, and drops what was deleted", () => {
    expect(holdOrder(["c", "b"], ["d", "c", "b", "a"], all)).toEqual({
      order: ["c", "b", "a"],
      waiting: 1,
    });
    expect(holdOrder(["c", "b"], ["c"], (id) => id !== "b").order).toEqual(["c"]);
  });

  test("keeps a row that no longer matches until the pointer leaves", () => {
    expect(holdOrder(["c", "b"], ["c"], all).order).toEqual(["c", "b"]);
  });
});

describe("sparkPath", () => {
  test("draws from the left edge to the right and marks the end", () => {
    const path = sparkPath(
      [
        [0, 2],
        [10, 1],
        [20, 0],
      ],
      43,
      13,
      1.5,
    );
    expect(path?.line).toBe("M1.5 1.5L21.5 6.5L41.5 11.5");
    expect(path?.end).toEqual({ x: 41.5, y: 11.5 });
  });

  test("keeps a single spike among thousands of points", () => {
    const points = Array.from({ length: 5000 }, (_, i) => [i, i === 2777 ? 100 : 1] as const);
    const path = sparkPath(points, 60, 20);
    expect(path?.max).toBe(100);
    expect(path?.line.split(/[ML]/).some((part) => part.endsWith(" 1.5"))).toBe(true);
  });

  test("leaves a gap at NaN and draws nothing from nothing", () => {
    expect(
      sparkPath(
        [
          [0, 1],
          [1, Number.NaN],
          [2, 3],
        ],
        20,
        10,
      )?.line.match(/M/g),
    ).toHaveLength(2);
    expect(sparkPath([[0, Number.NaN]], 20, 10)).toBeNull();
    expect(sparkPath([], 20, 10)).toBeNull();
  });

  test("puts a flat line in the middle", () => {
    expect(
      sparkPath(
        [
          [0, 5],
          [1, 5],
        ],
        20,
        10,
        0,
      )?.line,
    ).toBe("M0 5L20 5");
  });
});
