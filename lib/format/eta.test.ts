import { describe, expect, it } from "vitest";
import { progressOf, secondsLeft } from "./eta.ts";

const job = {
  status: "running" as const,
  progress: null as number | null,
  current_step: 500 as number | null,
  total_steps: 2000 as number | null,
  active_seconds: 60,
};

describe("progress", () => {
  it("is what the trainer reports, else derived from steps", () => {
    expect(progressOf({ ...job, progress: 0.4 })).toBe(0.4);
    expect(progressOf(job)).toBe(0.25);
  });

  it("is unknown without a total, and 1 once the run has succeeded", () => {
    expect(progressOf({ ...job, total_steps: null })).toBeNull();
    expect(progressOf({ ...job, status: "succeeded", total_steps: null })).toBe(1);
  });

  it("stays within 0 and 1 when a trainer overshoots", () => {
    expect(progressOf({ ...job, current_step: 2500 })).toBe(1);
    expect(progressOf({ ...job, progress: -1 })).toBe(0);
  });
});

describe("time left", () => {
  it("is derived from the pace so far", () => {
    expect(secondsLeft(job)).toBe(180);
  });

  it("is null too early, without a total, or after the end", () => {
    expect(secondsLeft({ ...job, current_step: 10 })).toBeNull();
    expect(secondsLeft({ ...job, active_seconds: 1 })).toBeNull();
    expect(secondsLeft({ ...job, total_steps: null })).toBeNull();
    expect(secondsLeft({ ...job, status: "failed" })).toBeNull();
  });
});
