import { describe, expect, it } from "vitest";
import { lineOf as line, linePicture } from "../../testing/line-pictures.ts";
import { nearestReading } from "../nearest-reading.ts";
import { readLines } from "./read-lines.ts";
import { valueAt } from "./value-at.ts";

describe("the value at a position", () => {
  const a = line("a", { 0: 0, 10: 10 });
  const b = line("b", { 0: 5, 2: Number.NaN, 4: 7 });

  it("is the nearest value of a line that has begun and not ended", () => {
    expect(valueAt(a, 4, 0)).toBe(0);
    expect(valueAt(b, 9, 1)).toBeNull();
    expect(valueAt(b, 2, 0)).toBe(5);
  });

  it("belongs to the line nearest to the pointer, if one is near", () => {
    const toY = (value: number) => value;
    const readings = readLines.at({ ...linePicture("step"), lines: [a, b] }, 0, 0);
    expect(nearestReading(readings, 4, toY)).toBe("b");
    expect(nearestReading(readings, 99, toY)).toBeNull();
  });
});
