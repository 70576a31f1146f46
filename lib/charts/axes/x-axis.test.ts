import type { SeriesBucket } from "@signalbox/protocol/data/metrics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeTail } from "../series/merge-tail.ts";
import { prepareSeries } from "../series/prepare-series.ts";
import { stepsWithin, xScale } from "./x-axis.ts";
import { moveToAxis, visibleRange, zoomTo } from "./zoom.ts";

const bucket = (first: number, last: number, more: Partial<SeriesBucket> = {}): SeriesBucket => ({
  step_first: first,
  step_last: last,
  min: 0,
  max: 1,
  mean: 0.5,
  first: 0,
  last: 1,
  count: last - first + 1,
  nan_count: 0,
  ...more,
});

/** 40 steps per epoch; one step a second from 1,000 s on. */
const at = (first: number, last: number) =>
  bucket(first, last, { epoch_first: first / 40, epoch_last: last / 40 });
const timed = (first: number, last: number) =>
  bucket(first, last, { time_first: 1e6 + first * 1e3, time_last: 1e6 + last * 1e3 });

describe("the epoch axis", () => {
  const history = { buckets: [at(0, 19), at(20, 39), at(40, 59)], lastSeq: 3 };
  const tail = { steps: [60, 80], values: [1, 2], seqs: [4, 5] };
  const { columns } = mergeTail(history, tail, { maxColumns: 100, x: "epoch" });
  const scale = xScale("epoch", columns, 0);

  it("puts buckets where their epochs are, and live points at the rate so far", () => {
    expect(prepareSeries({ width: 1, columns }, scale).x).toEqual([0.2375, 0.7375, 1.2375, 1.5, 2]);
  });

  it("reads every step that a range touches", () => {
    expect(stepsWithin(scale, { min: 0.5, max: 1 })).toEqual({ from: 20, to: 40 });
    expect(stepsWithin(scale, { min: -1, max: 0.01 })).toEqual({ from: 0, to: 1 });
  });

  it("shows a zoom made on another axis by its steps, one of its own exactly", () => {
    const zoom = { from: 20, to: 40 };
    expect(visibleRange(zoom, undefined, "epoch", [scale], null)).toEqual({ min: 0.5, max: 1 });
    const shown = { axis: "epoch" as const, min: 0.51, max: 0.99 };
    expect(visibleRange({ ...zoom, shown }, undefined, "epoch", [scale], null)).toEqual(shown);
    expect(zoomTo("epoch", [scale], { min: 0.51, max: 0.99 }, "zoom")).toEqual({
      from: 20,
      to: 40,
      shown,
    });
  });

  it("positions commands too, but not for a series without epochs", () => {
    const marker = { id: "1", step: 30, kind: "pause" as const, label: "", title: "" };
    expect(moveToAxis([marker], scale)).toMatchObject([{ step: 0.75 }]);
    const none = mergeTail({ buckets: [bucket(0, 9)], lastSeq: 1 }, null, {
      maxColumns: 9,
      x: "epoch",
    });
    const empty = xScale("epoch", none.columns, 0);
    expect(prepareSeries(none, empty)).toMatchObject({ x: [], unplaced: 1 });
    expect(moveToAxis([marker], empty)).toEqual([]);
  });
});

describe("the time axes", () => {
  const history = { buckets: [timed(0, 9), timed(10, 10)], lastSeq: 2 };
  const tail = { steps: [20, 5], values: [1, 1], seqs: [3, 4], times: [1_020_000, 1_021_000] };
  const { columns } = mergeTail(history, tail, { maxColumns: 100, x: "time" });

  it("count seconds since the start, or since 1970", () => {
    expect(prepareSeries({ width: 1, columns }, xScale("relative", columns, 1e6)).x).toEqual([
      4.5, 10, 20,
    ]);
    expect(prepareSeries({ width: 1, columns }, xScale("wall", columns, 1e6)).x.at(-1)).toBe(1020);
  });

  it("never go back, whatever the trainer's clock does", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1 }), (times) => {
        const steps = times.map((_, step) => step);
        const merged = mergeTail(
          null,
          { steps, values: steps, times },
          { maxColumns: 9, x: "time" },
        );
        const { x } = prepareSeries(merged, xScale("wall", merged.columns, 0));
        expect(x).toEqual(x.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe("the step axis", () => {
  it("zooms to whole steps outwards, and pans without losing any", () => {
    expect(zoomTo("step", [], { min: 3.4, max: 7.2 }, "zoom")).toEqual({ from: 3, to: 8 });
    expect(zoomTo("step", [], { min: 3.4, max: 8.4 }, "pan")).toEqual({ from: 3, to: 8 });
    expect(zoomTo("step", [], { min: -20.4, max: -15.4 }, "pan")).toEqual({ from: 0, to: 5 });
  });
});

describe("the scales of several lines", () => {
  const scaleOf = (perEpoch: number) => {
    const buckets = [bucket(0, 100, { epoch_first: 0, epoch_last: 100 / perEpoch })];
    const merged = mergeTail({ buckets, lastSeq: 1 }, null, { maxColumns: 9, x: "epoch" });
    return xScale("epoch", merged.columns, 0);
  };

  it("are zoomed together: to the steps of all of them", () => {
    const scales = [scaleOf(10), scaleOf(20)];
    const shown = { axis: "epoch" as const, min: 1, max: 2 };
    expect(zoomTo("epoch", scales, shown, "zoom")).toEqual({ from: 10, to: 40, shown });
    expect(visibleRange({ from: 10, to: 20 }, undefined, "epoch", scales, null)).toEqual({
      min: 0.5,
      max: 2,
    });
  });
});

describe("known epochs", () => {
  it("fill the gaps between columns and never contradict them", () => {
    const anchors = [
      { step: 10, x: 0.9 },
      { step: 60, x: 1.5 },
      { step: 80, x: 3 },
    ];
    const history = { buckets: [at(0, 19), at(20, 39), at(40, 59)], lastSeq: 3 };
    const tail = { steps: [70, 90], values: [1, 2], seqs: [4, 5] };
    const { columns } = mergeTail(history, tail, { maxColumns: 100, x: "epoch" });
    const { x } = prepareSeries({ width: 1, columns }, xScale("epoch", columns, 0, anchors));
    expect(x.map((place) => Number(place.toFixed(4)))).toEqual([
      0.2375, 0.7375, 1.2375, 2.25, 3.75,
    ]);
  });
});
