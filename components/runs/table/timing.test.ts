import { describe, expect, test } from "vitest";
import { testJob } from "../../../lib/jobs/testing/test-job.ts";
import { activeSecondsAt, etaSeconds } from "./timing.ts";

describe("etaSeconds", () => {
  const run = testJob({ id: "a", progress: 0.25, active_seconds: 30 });

  test("extends the pace so far and ticks down between updates", () => {
    expect(etaSeconds(run, 1000)).toBe(90);
    expect(etaSeconds(run, 11_000)).toBe(80);
    expect(etaSeconds(run, 999_000)).toBe(0);
  });

  test("is null at the very start, while paused, or without progress", () => {
    expect(etaSeconds({ ...run, progress: 0.001 }, 0)).toBeNull();
    expect(etaSeconds({ ...run, status: "paused" }, 0)).toBeNull();
    expect(etaSeconds({ ...run, progress: null }, 0)).toBeNull();
  });
});

describe("activeSecondsAt", () => {
  test("ticks while the run trains and stops while it is paused", () => {
    const running = testJob({ id: "a", active_seconds: 10 });
    const paused = testJob({ id: "b", status: "paused", active_seconds: 10 });
    activeSecondsAt(running, 1000);
    activeSecondsAt(paused, 1000);
    expect(activeSecondsAt(running, 6000)).toBe(15);
    expect(activeSecondsAt(paused, 6000)).toBe(10);
  });
});
