import { expect, it } from "vitest";
import { spikesOf } from "./spikes.ts";

const line = [1, 1, 1, 1, 1];
const whole = { from: 0, to: 4 };
/** One pixel a unit, downwards from the top. */
const toY = (value: number) => -value;

it("finds a highest and a lowest value that the line does not reach", () => {
  const series = { line, low: [1, 1, 1, -9, 1], high: [1, 20, 1, 1, 1] };
  expect(spikesOf(series, whole, toY, 2)).toEqual([
    { index: 1, top: -20, bottom: -1 },
    { index: 3, top: -1, bottom: 9 },
  ]);
});

it("leaves out what the line itself shows or almost shows", () => {
  const series = { line: [1, 9, 1, 1, 1], low: line, high: [8, 9, 8, 2.5, 1] };
  expect(spikesOf(series, whole, toY, 2)).toEqual([]);
});

it("reads only the visible columns, and skips gaps", () => {
  const series = {
    line: [1, null, 1, 1, 1],
    low: [1, null, 1, 1, 1],
    high: [30, null, 30, 1, 30],
  };
  expect(spikesOf(series, { from: 1, to: 3 }, toY, 2).map(({ index }) => index)).toEqual([2]);
});
