import { describe, expect, it } from "vitest";
import { learningRateAt } from "./schedule.ts";

const settings = { base: 0.01, warmupSteps: 10, totalSteps: 110, finalRatio: 0.1 };

describe("the learning-rate schedule", () => {
  it("rises to the base in the warm-up and decays by a cosine to the final ratio", () => {
    expect(learningRateAt(1, settings)).toBeCloseTo(0.001, 12);
    expect(learningRateAt(10, settings)).toBe(0.01);
    expect(learningRateAt(60, settings)).toBeCloseTo(0.0055, 12);
    expect(learningRateAt(110, settings)).toBeCloseTo(0.001, 12);
  });

  it.each([3, 10, 60])("uses a live value at exactly the step it was set for (%i)", (step) => {
    expect(learningRateAt(step, settings, { value: 0.02, step })).toBe(0.02);
  });

  it("ends the warm-up on a live value, instead of scaling it", () => {
    const live = { value: 0.02, step: 3 };
    expect(learningRateAt(9, settings, live)).toBe(0.02);
    expect(learningRateAt(110, settings, live)).toBeCloseTo(0.002, 12);
  });

  it("continues the cosine decay after a live change", () => {
    const live = { value: 0.0011, step: 60 };
    expect(learningRateAt(110, settings, live)).toBeCloseTo(0.0002, 12);
    for (let step = 61; step <= 110; step++) {
      expect(learningRateAt(step, settings, live)).toBeLessThan(
        learningRateAt(step - 1, settings, live),
      );
    }
  });

  it("stays constant without warm-up and with a final ratio of 1", () => {
    const flat = { base: 0.01, warmupSteps: 0, totalSteps: 10, finalRatio: 1 };
    expect([1, 5, 10, 99].map((s) => learningRateAt(s, flat))).toEqual([0.01, 0.01, 0.01, 0.01]);
  });
});
