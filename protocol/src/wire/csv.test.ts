import { expect, test } from "vitest";
import { csvField, csvRow, csvText } from "./csv.ts";

test("no text can be run as a formula", () => {
  for (const text of [
    "=1+1",
    "+1",
    "-1+1",
    "-abc",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    "\u200b=1",
    "|calc",
    "%0",
  ]) {
    expect(csvField(text).replace(/^"/, "")).toMatch(/^'/);
  }
  expect(csvField("a=b")).toBe("a=b");
  expect(csvField("a-b")).toBe("a-b");
});

test("a quoted formula is guarded inside its quotes", () => {
  expect(csvField('=HYPERLINK("x","y")')).toBe(`"'=HYPERLINK(""x"",""y"")"`);
});

test("numbers stay numbers, nothing stays nothing, quotes are doubled", () => {
  expect(csvField(-0.5)).toBe("-0.5");
  expect(csvField(-1e-9)).toBe("-1e-9");
  expect(csvField(Number.NaN)).toBe("NaN");
  expect(csvField(Number.NEGATIVE_INFINITY)).toBe("-Infinity");
  expect(csvField(null)).toBe("");
  expect(csvField(true)).toBe("true");
  expect(csvField('a "b", c\nd')).toBe('"a ""b"", c\nd"');
});

test("every row ends in a line break, the last one too", () => {
  expect(
    csvText([
      ["name", "value"],
      ["-x", -1],
      ["", null],
    ]),
  ).toBe("name,value\r\n'-x,-1\r\n,\r\n");
  expect(csvText([])).toBe("");
});

test("a row for a pipe ends in a line feed alone", () => {
  expect(csvRow([1, null, undefined, Number.NaN, 'a "b", c', "x\ny"], "\n")).toBe(
    '1,,,NaN,"a ""b"", c","x\ny"\n',
  );
});
