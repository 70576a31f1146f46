import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldText, formatJson } from "./text-shape.ts";

describe("folding long texts", () => {
  test("short ones stay whole", () => {
    expect(foldText("short")).toEqual({ shown: "short", hidden: 0 });
    expect(foldText("x".repeat(620)).hidden).toBe(0);
  });

  test("cuts by characters and by lines, and says how much is hidden", () => {
    expect(foldText("x".repeat(1000))).toEqual({ shown: "x".repeat(600), hidden: 400 });
    const lines = Array.from({ length: 100 }, (_, i) => `${i}`).join("\n");
    expect(foldText(lines, { lines: 3 }).shown).toBe("0\n1\n2");
  });

  test("never cuts an emoji in two", () => {
    expect(foldText(`${"x".repeat(599)}😀${"y".repeat(500)}`).shown).toBe("x".repeat(599));
  });
});

describe("JSON", () => {
  test("is distinguished from other texts", () => {
    expect(formatJson('{"a": 1}')).not.toBeNull();
    for (const text of ["", "12", '"text"', "{oops}", "[1, 2", "L AH M"]) {
      expect(formatJson(text)).toBeNull();
    }
  });

  test("is indented", () => {
    expect(formatJson('{"a":[1,{"b":null}],"c":{},"d":[]}')).toBe(
      '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ],\n  "c": {},\n  "d": []\n}',
    );
  });

  test("keeps numbers and strings as they were written", () => {
    const text = '{"big":12345678901234567890.10,"s":"a \\" { b"}';
    expect(formatJson(text)).toContain("12345678901234567890.10");
    expect(formatJson(text)).toContain('"a \\" { b"');
  });

  test("means the same after formatting", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const formatted = formatJson(json);
        if (formatted !== null) expect(JSON.parse(formatted)).toEqual(JSON.parse(json));
      }),
    );
  });
});
