import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codePointDistance } from "./char-error-rate.ts";
import { predictionQuality } from "./prediction-quality.ts";

describe("quality, calculated by hand", () => {
  test("an equal answer is right, whatever white space is around it", () => {
    expect(predictionQuality("  L AH M\n", "L AH M")).toEqual({
      exact_match: 1,
      char_error_rate: 0,
      length_ratio: 1,
      word_overlap: 1,
    });
  });

  test("one wrong phoneme of three", () => {
    const quality = predictionQuality("L EH M", "L AH M");
    expect(quality.exact_match).toBe(0);
    expect(quality.char_error_rate).toBeCloseTo(1 / 6);
    expect(quality.length_ratio).toBe(1);
    expect(quality.word_overlap).toBeCloseTo(2 / 3);
  });

  test("an answer longer than the truth may have an error rate above 1", () => {
    expect(predictionQuality("abcdef", "x").char_error_rate).toBe(6);
    expect(predictionQuality("abcdef", "x").length_ratio).toBe(6);
  });

  test("an empty truth: right only if nothing was said", () => {
    expect(predictionQuality("", " ")).toEqual({
      exact_match: 1,
      char_error_rate: 0,
      length_ratio: 0,
      word_overlap: 0,
    });
    expect(predictionQuality("a", "").char_error_rate).toBe(1);
    expect(predictionQuality("a", "").length_ratio).toBe(0);
  });

  test("an empty answer misses everything", () => {
    expect(predictionQuality("", "abc")).toEqual({
      exact_match: 0,
      char_error_rate: 1,
      length_ratio: 0,
      word_overlap: 0,
    });
  });

  test("astral characters count once, combining marks by themselves", () => {
    expect(predictionQuality("👍", "👎").char_error_rate).toBe(1);
    expect(predictionQuality("a👍", "a").length_ratio).toBe(2);
    expect(predictionQuality("e\u0301", "e").char_error_rate).toBe(1);
    expect(predictionQuality("\u00e9", "e\u0301").char_error_rate).toBe(1);
  });

  test("words count once however often they are said", () => {
    expect(predictionQuality("a a a b", "a c").word_overlap).toBe(0.5);
  });

  test("without a truth nothing is measured", () => {
    expect(Object.values(predictionQuality("x", null))).toEqual([null, null, null, null]);
    expect(Object.values(predictionQuality("x", undefined))).toEqual([null, null, null, null]);
  });

  test("texts too long to compare leave the error rate out and the rest in", () => {
    const quality = predictionQuality("a".repeat(60_000), "b".repeat(60_000));
    expect(quality.char_error_rate).toBeNull();
    expect(quality.exact_match).toBe(0);
    expect(quality.length_ratio).toBe(1);
  });

  test("the predictions of a batch share one work budget", () => {
    const budget = { left: 100 };
    expect(predictionQuality("abcdefgh", "ijklmnop", budget).char_error_rate).toBe(1);
    expect(predictionQuality("abcdefgh", "ijklmnop", budget).char_error_rate).toBeNull();
    expect(predictionQuality("abc", "xyz", budget).char_error_rate).toBe(1);
  });

  test("long texts that differ in one place are compared", () => {
    const long = "abc".repeat(80_000);
    expect(codePointDistance(`${long}x${long}`, `${long}y${long}`)).toBe(1);
  });
});

/** The textbook algorithm, as a reference. */
function slowDistance(a: string[], b: string[]): number {
  const row = b.map((_, j) => j + 1);
  row.unshift(0);
  for (let i = 1; i <= a.length; i++) {
    let corner = row[0] ?? 0;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j] ?? 0;
      const swap = corner + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(swap, above + 1, (row[j - 1] ?? 0) + 1);
      corner = above;
    }
  }
  return row[b.length] ?? 0;
}

const text = fc.string({
  unit: fc.constantFrom("a", "b", "c", " ", "é", "👍", "𝒳", "\u0301"),
  maxLength: 40,
});

describe("properties of the distance", () => {
  test("it equals the textbook algorithm's", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(codePointDistance(a, b)).toBe(slowDistance([...a], [...b]));
      }),
      { numRuns: 300 },
    );
  });

  test("it is symmetric, never negative, zero only for equal texts, and obeys the triangle", () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        const ab = codePointDistance(a, b) ?? Number.NaN;
        const bc = codePointDistance(b, c) ?? Number.NaN;
        const ac = codePointDistance(a, c) ?? Number.NaN;
        expect(ab).toBe(codePointDistance(b, a));
        expect(ab).toBeGreaterThanOrEqual(0);
        expect(ab === 0).toBe(a === b);
        expect(ac).toBeLessThanOrEqual(ab + bc);
      }),
      { numRuns: 300 },
    );
  });

  test("quality lies in its ranges", () => {
    fc.assert(
      fc.property(text, text, (said, truth) => {
        const quality = predictionQuality(said, truth);
        expect(quality.exact_match).toBe(said.trim() === truth.trim() ? 1 : 0);
        expect(quality.char_error_rate).toBeGreaterThanOrEqual(0);
        expect(quality.char_error_rate === 0).toBe(quality.exact_match === 1);
        expect(quality.word_overlap).toBeGreaterThanOrEqual(0);
        expect(quality.word_overlap).toBeLessThanOrEqual(1);
        expect(quality.length_ratio).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });
});
