import { describe, expect, test } from "vitest";
import { parseNumber, stepNumber } from "./parse-number.ts";

describe("parseNumber", () => {
  test("reads plain, grouped, scientific and comma decimals", () => {
    expect(parseNumber("42")).toBe(42);
    expect(parseNumber("3e-4")).toBe(0.0003);
    expect(parseNumber("1,000")).toBe(1000);
    expect(parseNumber("0,5")).toBe(0.5);
    expect(parseNumber(" .5 ")).toBe(0.5);
    expect(parseNumber("−2")).toBe(-2);
  });

  test("rejects what is not a finite number", () => {
    for (const text of ["", "abc", "1e999", "0x10", "1.2.3", "NaN", "Infinity", "--1"]) {
      expect(parseNumber(text)).toBeNull();
    }
  });
});

describe("stepNumber", () => {
  test("steps without floating-point noise", () => {
    expect(stepNumber(0.1, 1, { step: 0.2 })).toBe(0.3);
  });

  test("halves and doubles when logarithmic", () => {
    expect(stepNumber(3e-3, -1, { logarithmic: true })).toBe(1.5e-3);
    expect(stepNumber(3e-3, 1, { logarithmic: true })).toBe(6e-3);
  });

  test("stays within its range", () => {
    expect(stepNumber(9, 1, { step: 5, max: 10 })).toBe(10);
    expect(stepNumber(1, -1, { step: 5, min: 0 })).toBe(0);
  });
});
