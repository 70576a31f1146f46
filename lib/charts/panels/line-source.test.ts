import { expect, it } from "vitest";
import { hasGap } from "./line-source.ts";

const history = (lastSeq: number) => ({ buckets: [], lastSeq });

it("finds a gap if the history ends before the seq from which the tail is complete", () => {
  expect(hasGap(history(9), 10)).toBe(true);
  expect(hasGap(history(10), 10)).toBe(false);
  expect(hasGap(history(11), 10)).toBe(false);
});

it("finds no gap while it is unknown where the tail begins", () => {
  expect(hasGap(history(0), null)).toBe(false);
});
