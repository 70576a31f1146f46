import { describe, expect, test } from "vitest";
import { textValues } from "./text-values.ts";

describe("the colours of texts", () => {
  test("good is blue and first, bad is orange and last, whatever came first", () => {
    expect(textValues(["bad", "unsure", "good"])).toEqual([
      { text: "good", colour: 1 },
      { text: "unsure", colour: 3 },
      { text: "bad", colour: 2 },
    ]);
  });

  test("a new text leaves the colours of the others as they are", () => {
    const colours = (texts: string[]) =>
      new Map(textValues(texts).map(({ text, colour }) => [text, colour]));
    const before = colours(["a", "pass", "b"]);
    const after = colours(["a", "pass", "b", "fail", "c"]);
    for (const [text, colour] of before) expect(after.get(text)).toBe(colour);
  });

  test("only seven texts have a colour of their own, and no two the same", () => {
    const values = textValues(["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
    expect(values.map(({ text }) => text)).toEqual(["a", "b", "c", "d", "e", "f", "g"]);
    expect(new Set(values.map(({ colour }) => colour)).size).toBe(7);
  });
});
