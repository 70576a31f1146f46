import { describe, expect, it } from "vitest";
import { nearestIndex, visibleSpan } from "../../axes/nearest-index.ts";
import { mergeTail } from "../../series/merge-tail.ts";
import { prepareSeries } from "../../series/prepare-series.ts";
import { nearestReading } from "../nearest-reading.ts";
import { groupLines } from "./group-lines.ts";
import { hasEnvelope, panelBounds } from "./line-bounds.ts";
import type { PanelLine } from "./line-picture.ts";
import { readLines } from "./read-lines.ts";
import { valueAt } from "./value-at.ts";

const line = (id: string, points: Record<number, number>): PanelLine => ({
  id,
  scale: null,
  series: prepareSeries(
    mergeTail(
      null,
      { steps: Object.keys(points).map(Number), values: Object.values(points) },
      { maxColumns: 100 },
    ),
  ),
});
const shown = (lines: PanelLine[], min: number, max: number) =>
  ({ kind: "line", axis: "step", lines, range: { min, max } }) as const;
const linear = { logX: false, logY: false, outliers: 0 };

describe("a panel's bounds", () => {
  const low = line("low", { 0: 1, 1: 2, 2: 3 });
  const high = line("high", { 0: 100, 1: 200, 9: 1000 });

  it("hold all lines, and of them only what the zoom shows and touches", () => {
    expect(panelBounds(shown([low, high], 0, 1), linear).y.max).toBeGreaterThan(200);
    expect(panelBounds(shown([low], 0, 1), linear).y.max).toBeLessThan(4);
    expect(panelBounds(shown([low], 0, 1), linear).y.min).toBeLessThanOrEqual(1);
  });

  it("begin a logarithmic axis above zero, wherever the values do", () => {
    const mixed = line("mixed", { 0: -5, 1: 0, 2: 10 });
    const { x, y } = panelBounds(shown([mixed], 0, 2), { ...linear, logX: true, logY: true });
    expect(y.min).toBeGreaterThan(0);
    expect(y.max).toBeGreaterThanOrEqual(10);
    expect(x.min).toBeGreaterThan(0);
  });

  it("leave the outermost values out on demand, and say so", () => {
    const values = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [index, index === 7 ? 1e6 : index]),
    );
    const { y, cut } = panelBounds(shown([line("a", values)], 0, 49), {
      ...linear,
      outliers: 0.01,
    });
    expect(cut).toBe(true);
    expect(y.max).toBeLessThan(100);
  });

  it("draw the envelopes of few lines, and of many the one that stands out", () => {
    const many = Array.from({ length: 20 }, (_, index) => line(`l${index}`, { 0: 1 }));
    expect(hasEnvelope([low, high], "low", null)).toBe(true);
    expect(hasEnvelope(many, "l1", null)).toBe(false);
    expect(hasEnvelope(many, "l1", "l1")).toBe(true);
  });
});

describe("what stands at a place", () => {
  const a = line("a", { 0: 0, 10: 10 });
  const b = line("b", { 0: 5, 2: Number.NaN, 4: 7 });

  it("is the nearest value, of a line that has begun and not ended", () => {
    expect(nearestIndex([0, 10], 4)).toBe(0);
    expect(nearestIndex([0, 10], 6)).toBe(1);
    expect(nearestIndex([], 6)).toBeNull();
    expect(valueAt(a, 4, 0)).toBe(0);
    expect(valueAt(b, 9, 1)).toBeNull();
    expect(valueAt(b, 2, 0)).toBe(5);
  });

  it("is the line nearest to the pointer, none far from all", () => {
    const toY = (value: number) => value;
    const readings = readLines.at(shown([a, b], 0, 10), 0, 0);
    expect(nearestReading(readings, 4, toY)).toBe("b");
    expect(nearestReading(readings, 99, toY)).toBeNull();
  });

  it("spans one value more to either side, so that lines leave the picture", () => {
    expect(visibleSpan([0, 1, 2, 3, 4], { min: 1.5, max: 2.5 })).toEqual({ from: 1, to: 3 });
    expect(visibleSpan([0, 1], { min: 5, max: 6 })).toEqual({ from: 1, to: 1 });
  });
});

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
