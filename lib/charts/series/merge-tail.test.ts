import type { SeriesBucket } from "@signalbox/protocol/data/metrics";
import type { WireNumber } from "@signalbox/protocol/wire/wire-number";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSeriesMerger, firstAfter, mergeTail, type SeriesHistory } from "./merge-tail.ts";
import { prepareSeries } from "./prepare-series.ts";
import type { SeriesColumns } from "./series-columns.ts";

interface RawPoint {
  seq: number;
  step: number;
  value: number;
}

/** Buckets as the server makes them: cells of `width` steps, each with the figures of its raw points. */
function toWireNumber(value: number): WireNumber {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "Infinity" : "-Infinity";
}

function buckets(points: RawPoint[], width: number): SeriesBucket[] {
  const cells = new Map<number, RawPoint[]>();
  for (const point of points) {
    const cell = Math.floor(point.step / width);
    cells.set(cell, [...(cells.get(cell) ?? []), point]);
  }
  return [...cells]
    .sort(([a], [b]) => a - b)
    .map(([, members]) => {
      const steps = members.map((m) => m.step);
      const finite = members.map((m) => m.value).filter(Number.isFinite);
      const sum = finite.reduce((total, value) => total + value, 0);
      return {
        step_first: Math.min(...steps),
        step_last: Math.max(...steps),
        min: finite.length > 0 ? Math.min(...finite) : null,
        max: finite.length > 0 ? Math.max(...finite) : null,
        mean: finite.length > 0 ? sum / finite.length : null,
        first: toWireNumber(members[0]?.value ?? 0),
        last: toWireNumber(members.at(-1)?.value ?? 0),
        count: members.length,
        nan_count: members.length - finite.length,
      };
    });
}

const tailOf = (points: RawPoint[]) => ({
  steps: points.map((p) => p.step),
  values: points.map((p) => p.value),
  seqs: points.map((p) => p.seq),
});

const history = (points: RawPoint[], width: number): SeriesHistory => ({
  buckets: buckets(points, width),
  lastSeq: points.at(-1)?.seq ?? 0,
});

const rawPoints = fc
  .array(
    fc.record({
      step: fc.nat(3000),
      value: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: -50, max: 50 }) },
        { weight: 1, arbitrary: fc.constant(Number.NaN) },
      ),
    }),
    { minLength: 1, maxLength: 200 },
  )
  .map((points) => points.map((point, index) => ({ ...point, seq: index + 1 })));

/** Comparable columns at one width, whatever width the merge chose. */
function figures(merged: SeriesColumns) {
  return merged.columns.map((c) => ({
    cell: Math.floor(c.stepFirst / merged.width),
    first: c.stepFirst,
    last: c.stepLast,
    min: c.min,
    max: c.max,
    sum: Number(c.sum.toFixed(6)),
    finite: c.finite,
    nan: c.nan,
  }));
}

/** What must come out the same at any width. */
function totals({ columns }: SeriesColumns) {
  return {
    finite: columns.reduce((n, c) => n + c.finite, 0),
    nan: columns.reduce((n, c) => n + c.nan, 0),
    sum: Number(columns.reduce((sum, c) => sum + c.sum, 0).toFixed(6)),
    min: Math.min(...columns.map((c) => c.min)),
    max: Math.max(...columns.map((c) => c.max)),
    stepFirst: columns[0]?.stepFirst,
    stepLast: columns.at(-1)?.stepLast,
  };
}

describe("merging history with the live tail", () => {
  it("gives the same as the raw points alone, wherever the history ends", () => {
    fc.assert(
      fc.property(
        rawPoints,
        fc.nat(200),
        fc.nat(200),
        fc.constantFrom(1, 16, 256),
        (points, a, b, level) => {
          const historyEnd = Math.min(a, points.length);
          // The tail overlaps the history by any amount and never begins after its end.
          const tailStart = Math.min(b, historyEnd);
          const options = { maxColumns: 12 }; // Cells of 256 steps: no finer than the history.
          const merged = mergeTail(
            history(points.slice(0, historyEnd), level),
            tailOf(points.slice(tailStart)),
            options,
          );
          const raw = mergeTail(null, tailOf(points), options);
          if (merged.width === raw.width) expect(figures(merged)).toEqual(figures(raw));
          expect(totals(merged)).toEqual(totals(raw));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("draws each point once in columns that ascend", () => {
    fc.assert(
      // Any width: the server's buckets need not be aligned with the cells of the picture.
      fc.property(
        rawPoints,
        fc.nat(200),
        fc.constantFrom(1, 3, 16, 19, 48),
        (points, cut, level) => {
          const merged = mergeTail(history(points.slice(0, cut), level), tailOf(points), {
            maxColumns: 40,
          });
          const { x } = prepareSeries(merged);
          for (let index = 1; index < x.length; index += 1) {
            expect(x[index]).toBeGreaterThan(x[index - 1] ?? Number.NaN);
          }
          for (let index = 1; index < merged.columns.length; index += 1) {
            const before = merged.columns[index - 1]?.stepLast ?? Number.NaN;
            expect(merged.columns[index]?.stepFirst).toBeGreaterThan(before);
          }
          expect(merged.columns.reduce((n, c) => n + c.finite + c.nan, 0)).toBe(points.length);
        },
      ),
    );
  });

  it("keeps late points of an earlier step that came after the history", () => {
    const points = [
      { seq: 1, step: 0, value: 5 },
      { seq: 2, step: 10, value: 4 },
      { seq: 3, step: 5, value: 9 },
    ];
    const merged = mergeTail(history(points.slice(0, 2), 1), tailOf(points), { maxColumns: 100 });
    expect(prepareSeries(merged).x).toEqual([0, 5, 10]);
  });

  it("uses steps to tell them apart if the tail has no seq", () => {
    const points = [0, 1, 2, 3].map((step) => ({ seq: step + 1, step, value: step }));
    const { steps, values } = tailOf(points.slice(1));
    const merged = mergeTail(history(points.slice(0, 3), 1), { steps, values }, { maxColumns: 9 });
    expect(merged.columns.map((c) => [c.stepFirst, c.finite])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });

  it("leaves out points outside the zoomed range, of both", () => {
    const points = Array.from({ length: 30 }, (_, i) => ({ seq: i + 1, step: i, value: i }));
    const merged = mergeTail(history(points.slice(0, 15), 1), tailOf(points.slice(10)), {
      maxColumns: 100,
      range: { from: 12, to: 20 },
    });
    expect(merged.columns.map((c) => c.stepFirst)).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20]);
  });

  it("bounds the number of columns of a long tail by doubling their width", () => {
    const points = Array.from({ length: 5000 }, (_, i) => ({ seq: i + 1, step: i, value: i }));
    const merged = mergeTail(null, tailOf(points), { maxColumns: 600 });
    expect(merged.width).toBe(16);
    expect(merged.columns.length).toBe(313);
  });

  it("finds the first row after a seq, before, among and after all of them", () => {
    expect(firstAfter([4, 4, 7, 9], 3)).toBe(0);
    expect(firstAfter([4, 4, 7, 9], 4)).toBe(2);
    expect(firstAfter([4, 4, 7, 9], 9)).toBe(4);
    expect(firstAfter([], 9)).toBe(0);
  });
});

const bucket = (first: number, last: number): SeriesBucket => ({
  step_first: first,
  step_last: last,
  min: 0,
  max: 1,
  mean: 0.5,
  first: 0,
  last: 1,
  count: last - first + 1,
  nan_count: 0,
});

describe("merging again as the tail grows", () => {
  it("gives the same as merging everything at once, after every piece", () => {
    const pieces = fc.array(fc.array(fc.record({ step: fc.nat(500), value: fc.nat(9) })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(pieces, fc.constantFrom(4, 40), fc.boolean(), (list, maxColumns, zoomed) => {
        const options = { maxColumns, range: zoomed ? { from: 100, to: 300 } : null };
        const merge = createSeriesMerger();
        const history = { buckets: [bucket(0, 30), bucket(40, 90)], lastSeq: 0 };
        const tail = { steps: [] as number[], values: [] as number[], seqs: [] as number[] };
        for (const piece of list) {
          for (const { step, value } of piece) {
            tail.steps.push(step);
            tail.values.push(value);
            tail.seqs.push(tail.seqs.length + 1);
          }
          expect(merge(history, tail, options)).toEqual(mergeTail(history, tail, options));
        }
      }),
    );
  });
});
