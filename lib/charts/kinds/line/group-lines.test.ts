import { describe, expect, it } from "vitest";
import { lineOf as line } from "../../testing/line-pictures.ts";
import { groupLines } from "./group-lines.ts";
import type { PanelLine } from "./line-picture.ts";

describe("a group of lines", () => {
  const group = (...lines: PanelLine[]) =>
    groupLines(lines, [{ key: "g", ids: lines.map(({ id }) => id) }], 10, true)[0]?.series;

  it("is their mean, with one standard deviation to both sides as its band", () => {
    const made = group(line("a", { 0: 1, 2: 3 }), line("b", { 0: 3, 1: 4, 2: 5 }));
    expect(made?.x).toEqual([0, 1, 2]);
    expect(made?.line).toEqual([2, 3, 4]);
    expect(made?.high[0]).toBeCloseTo(2 + Math.SQRT2);
    expect(made?.low[0]).toBeCloseTo(2 - Math.SQRT2);
  });

  it("counts a run between its first and last value only", () => {
    expect(group(line("a", { 0: 0, 1: 0, 2: 0 }), line("b", { 1: 4 }))?.line).toEqual([0, 2, 0]);
  });

  it("shows a NaN of any member, and skips groups without members", () => {
    expect(group(line("a", { 0: 1, 1: Number.NaN }))?.gaps).toEqual([{ x: 1, kind: "NaN" }]);
    expect(groupLines([], [{ key: "g", ids: ["a"] }], 10, true)[0]?.series.x).toEqual([]);
  });
});
