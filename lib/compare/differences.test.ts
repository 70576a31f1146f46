import { expect, test } from "vitest";
import { testJob } from "../jobs/testing/test-job.ts";
import { differences, shownDifferences } from "./differences.ts";

test("differences name only what differs, whatever the order of keys", () => {
  const rows = differences([
    testJob({ id: "a", config: { x: { b: 1, c: [1] }, same: { p: 1 } }, tags: ["u", "t"] }),
    testJob({ id: "b", config: { same: { p: 1 }, x: { c: [1], b: 2 } }, tags: ["t", "u"] }),
  ]);
  const paths = (all: boolean, query = "") =>
    shownDifferences(rows, { query, all }).map(({ path }) => path);
  expect(paths(false)).toEqual(["x.b"]);
  expect(paths(true)).toEqual(["tags", "kind", "same.p", "x.b", "x.c"]);
  expect(paths(true, "x 2")).toEqual(["x.b"]);
});
