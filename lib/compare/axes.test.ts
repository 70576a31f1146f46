import { expect, test } from "vitest";
import { testJob } from "../jobs/testing/test-job.ts";
import { valueAxis } from "./axes.ts";

test("an axis is logarithmic over two decades, and spreads categories evenly", () => {
  const jobs = [1e-5, 1e-3, 1e-1].map((lr, i) =>
    testJob({ id: `${i}`, config: { lr, opt: `o${i}` } }),
  );
  expect(valueAxis(jobs, "config.lr")).toMatchObject({ logarithmic: true, places: [0, 0.5, 1] });
  expect(valueAxis(jobs, "config.opt")?.places).toEqual([0, 0.5, 1]);
  expect(valueAxis(jobs, "config.none")?.places).toEqual([null, null, null]);
});
