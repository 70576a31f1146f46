import { describe, expect, test } from "vitest";
import { countInvisible, revealText } from "./reveal-text.ts";

const shown = (text: string, reveal = true) =>
  revealText(text, reveal)
    .map((piece) => piece.text)
    .join("");

describe("revealing invisible characters", () => {
  test("white space and invisible characters get placeholders on request", () => {
    expect(shown("a b\tc\nd")).toBe("a·b→\tc↵\nd");
    expect(revealText("x\u200by", true)).toEqual([
      { text: "x", name: null },
      { text: "U+200B", name: "U+200B" },
      { text: "y", name: null },
    ]);
    expect(shown("\u00a0")).toBe("⍽");
  });

  test("a run of spaces is one piece", () => {
    expect(revealText("   ", true)).toEqual([{ text: "···", name: "space" }]);
  });

  test("unsafe characters are always shown as symbols", () => {
    expect(shown("\u001b[31mred\u0007", false)).toBe("␛[31mred␇");
    expect(shown("\u202etxt.exe", false)).toBe("⍰txt.exe");
    expect(shown("\u202etxt", true)).toBe("U+202Etxt");
    expect(shown("line\nbreak", false)).toBe("line\nbreak");
  });

  test("a text that must stay on one line does", () => {
    expect(revealText("a\nb", false, false)).toEqual([{ text: "a␊b", name: null }]);
    expect(revealText("a\nb", true, false).map(({ text }) => text)).toEqual(["a", "↵", "b"]);
  });

  test("leaves letters of every script alone", () => {
    const text = "שלום مرحبا नमस्ते 👩‍👩‍👧 é";
    expect(shown(text, false)).toBe(text);
  });

  test("counts invisible characters", () => {
    expect(countInvisible("plain text\n\twith breaks")).toBe(0);
    expect(countInvisible("a\u200bb\u00a0c\ufeff\u001b")).toBe(4);
  });
});
