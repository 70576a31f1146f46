import { expect, it } from "vitest";
import { nearestIndex, visibleSpan } from "./nearest-index.ts";

it("finds the nearest of ascending values", () => {
  expect(nearestIndex([0, 10], 4)).toBe(0);
  expect(nearestIndex([0, 10], 6)).toBe(1);
  expect(nearestIndex([], 6)).toBeNull();
});

it("includes one value more on either side, so that lines reach the edge", () => {
  expect(visibleSpan([0, 1, 2, 3, 4], { min: 1.5, max: 2.5 })).toEqual({ from: 1, to: 3 });
  expect(visibleSpan([0, 1], { min: 5, max: 6 })).toEqual({ from: 1, to: 1 });
});
