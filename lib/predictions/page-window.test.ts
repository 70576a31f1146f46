import { expect, test } from "vitest";
import { pagesFor } from "./page-window.ts";

test("requests the pages in view and the next rows, never beyond the end", () => {
  expect(pagesFor(0, 30, null)).toEqual([0]);
  expect(pagesFor(0, 110, 1000)).toEqual([0, 1]);
  expect(pagesFor(50_000, 50_030, 100_000)).toEqual([249, 250]);
  expect(pagesFor(50_110, 50_150, 100_000)).toEqual([250, 251]);
  expect(pagesFor(150, 190, 195)).toEqual([0]);
  expect(pagesFor(0, -1, 0)).toEqual([0]);
});
