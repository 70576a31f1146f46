import { describe, expect, it } from "vitest";
import { decadeTicks, formatElapsed, niceTicks } from "./axis-ticks.ts";

describe("ticks", () => {
  it("are round numbers within the bounds", () => {
    expect(niceTicks(0.13, 0.97, 5)).toEqual([0.2, 0.4, 0.6, 0.8]);
    expect(decadeTicks(0.5, 200)).toEqual([1, 10, 100]);
    expect(decadeTicks(2, 5)).toEqual([2, 5]);
  });

  it("write durations without trailing zeros", () => {
    expect([0, 30, 300, 3600, 5400].map(formatElapsed)).toEqual(["0", "30s", "5m", "1h", "1h 30m"]);
  });
});
