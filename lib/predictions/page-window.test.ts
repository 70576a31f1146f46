import { expect, test } from "vitest";
import { pagesFor } from "./page-window.ts";

test("asks for the pages in sight and for what comes next, never beyond the end", () => {
  expect(pagesFor(0, 30, null)).toEqual([0]);
  expect(pagesFor(0, 70, 1000)).toEqual([0, 1]);
  expect(pagesFor(50_000, 50_030, 100_000)).toEqual([499, 500]);
  expect(pagesFor(50_050, 50_080, 100_000)).toEqual([500, 501]);
  expect(pagesFor(60, 90, 95)).toEqual([0]);
  expect(pagesFor(0, -1, 0)).toEqual([0]);
});
