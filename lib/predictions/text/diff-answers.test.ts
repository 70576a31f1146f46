import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutParts, type DiffPart, diffAnswers, fittingLevel } from "./diff-answers.ts";

const joined = (parts: DiffPart[] | null, without: DiffPart["kind"]) =>
  parts
    ?.filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join("");

describe("the difference of two answers", () => {
  test("marks the words that differ", () => {
    expect(diffAnswers("L AH M B ER", "L IH M B ER", "words")).toEqual([
      { kind: "same", text: "L " },
      { kind: "removed", text: "AH" },
      { kind: "added", text: "IH" },
      { kind: "same", text: " M B ER" },
    ]);
  });

  test("splits by grapheme, not by code unit", () => {
    const parts = diffAnswers("e\u0301👩‍👩‍👧x", "e\u0301👩‍👩‍👦x", "characters");
    expect(parts?.filter(({ kind }) => kind !== "same")).toEqual([
      { kind: "removed", text: "👩‍👩‍👧" },
      { kind: "added", text: "👩‍👩‍👦" },
    ]);
  });

  test("finds words without spaces between them", () => {
    const parts = diffAnswers("私は猫が好き", "私は犬が好き", "words");
    expect(parts?.find(({ kind }) => kind === "added")?.text).toBe("犬");
  });

  test("equal texts have no marks, empty ones no parts", () => {
    expect(diffAnswers("a b", "a b", "words")).toEqual([{ kind: "same", text: "a b" }]);
    expect(diffAnswers("", "", "words")).toEqual([]);
    expect(diffAnswers("", "x", "words")).toEqual([{ kind: "added", text: "x" }]);
  });

  test("gives up quickly on texts that are too long or too different", () => {
    const before = performance.now();
    expect(diffAnswers("a".repeat(262_144), "b".repeat(262_144), "characters")).toBeNull();
    const other = Array.from({ length: 9000 }, (_, i) => `w${i}`).join(" ");
    expect(diffAnswers(other, other.replaceAll("w", "v"), "words")).toBeNull();
    expect(performance.now() - before).toBeLessThan(3000);
  });

  test("both texts can be rebuilt from the parts", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.constantFrom("words" as const, "characters" as const),
        (before, after, level) => {
          const parts = diffAnswers(before, after, level);
          expect(joined(parts, "added")).toBe(before);
          expect(joined(parts, "removed")).toBe(after);
        },
      ),
    );
  });

  test("chooses the level by whether there are several words", () => {
    expect(fittingLevel("lumberton", null)).toBe("characters");
    expect(fittingLevel("", "L AH M")).toBe("words");
  });
});

test("a long diff is cut at a whole character, and counts what is hidden", () => {
  const parts: DiffPart[] = [
    { kind: "same", text: "abc" },
    { kind: "added", text: "d😀f" },
    { kind: "removed", text: "g" },
  ];
  expect(cutParts(parts, 100)).toEqual({ parts, hidden: 0 });
  expect(cutParts(parts, 5)).toEqual({
    parts: [parts[0], { kind: "added", text: "d" }],
    hidden: 4,
  });
});
