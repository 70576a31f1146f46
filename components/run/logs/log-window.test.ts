import type { LogLine } from "@signalbox/protocol/stream/stream-row";
import { describe, expect, it } from "vitest";
import { findLine, highlight, logPageSize, pagesOf } from "./log-window.ts";

const line = (number: number): LogLine => ({
  line: number,
  stream: "stdout",
  text: `line ${number}`,
  ts: "2025-11-20T14:02:11Z",
});

describe("pages of the log", () => {
  it("cover the visible lines and no more", () => {
    expect(pagesOf(1, logPageSize)).toEqual([0]);
    expect(pagesOf(logPageSize, logPageSize + 1)).toEqual([0, 1]);
    expect(pagesOf(1, 0)).toEqual([]);
  });
});

describe("a line by its number", () => {
  it("is found in a complete list and in one with gaps", () => {
    expect(findLine([line(5), line(6), line(7)], 6)?.text).toBe("line 6");
    expect(findLine([line(5), line(9), line(12)], 12)?.text).toBe("line 12");
  });

  it("is undefined where the list does not contain it", () => {
    expect(findLine([line(5), line(9)], 7)).toBeUndefined();
    expect(findLine([line(5)], 4)).toBeUndefined();
    expect(findLine([], 1)).toBeUndefined();
  });
});

describe("highlighting", () => {
  it("marks every occurrence, ignoring case", () => {
    expect(highlight("Error: no error", "error")).toEqual([
      { text: "Error", match: true },
      { text: ": no ", match: false },
      { text: "error", match: true },
    ]);
  });

  it("leaves a text without a match whole", () => {
    expect(highlight("fine", "x")).toEqual([{ text: "fine", match: false }]);
    expect(highlight("", "x")).toEqual([{ text: "", match: false }]);
  });

  it("keeps every character, also where lower-casing makes the text longer", () => {
    expect(
      highlight("İx", "x")
        .map((part) => part.text)
        .join(""),
    ).toBe("İx");
  });
});
