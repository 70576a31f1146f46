import { describe, expect, it } from "vitest";
import { mergeTail } from "./merge-tail.ts";
import { prepareSeries } from "./prepare-series.ts";

const prepare = (points: [step: number, value: number][], maxColumns = 1000) =>
  prepareSeries(
    mergeTail(
      null,
      { steps: points.map(([s]) => s), values: points.map(([, v]) => v) },
      { maxColumns },
    ),
  );

describe("preparing a series", () => {
  it("draws the last value of a repeated step, and keeps all of them in the band", () => {
    const series = prepare([
      [0, 1],
      [1, 9],
      [1, 2],
    ]);
    expect(series.line).toEqual([1, 2]);
    expect(series.low).toEqual([1, 2]);
    expect(series.high).toEqual([1, 9]);
    expect(series.hasBand).toBe(true);
  });

  it("leaves a gap and a mark for NaN and infinity, never a zero", () => {
    const series = prepare([
      [0, 1],
      [1, Number.NaN],
      [2, Number.POSITIVE_INFINITY],
      [3, 2],
    ]);
    expect(series.line).toEqual([1, null, null, 2]);
    expect(series.gaps).toEqual([
      { x: 1, kind: "NaN" },
      { x: 2, kind: "∞" },
    ]);
  });

  it("shows a spike in the band, however coarse the columns are", () => {
    const points = Array.from({ length: 4000 }, (_, i): [number, number] => [
      i,
      i === 1234 ? 99 : 1,
    ]);
    const series = prepare(points, 100);
    expect(series.x.length).toBeLessThanOrEqual(100);
    expect(Math.max(...series.high.map((v) => v ?? 0))).toBe(99);
    expect(Math.max(...series.line.map((v) => v ?? 0))).toBeLessThan(10);
  });

  it("keeps step 0", () => {
    expect(prepare([[0, 4.4]]).last).toEqual({ step: 0, value: 4.4 });
  });

  it("draws few points as dots, and of many those without a line", () => {
    expect(prepare([[0, 1]]).dots).toEqual([0]);
    const many = Array.from({ length: 100 }, (_, i): [number, number] => [
      i,
      i === 49 || i === 51 ? Number.NaN : i,
    ]);
    expect(prepare(many).dots).toEqual([50]);
  });

  it("sorts steps that arrived out of order", () => {
    expect(
      prepare([
        [5, 1],
        [1, 2],
        [3, 3],
      ]).x,
    ).toEqual([1, 3, 5]);
  });
});
