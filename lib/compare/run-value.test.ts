import { parseWhere } from "@signalbox/protocol/job/run-field";
import { formatCondition } from "@signalbox/protocol/wire/condition";
import { describe, expect, test } from "vitest";
import { testJob } from "../jobs/testing/test-job.ts";
import {
  compareValues,
  formatPercentChange,
  matchesWhere,
  percentAgainst,
  runValue,
} from "./run-value.ts";

const job = testJob({
  id: "a",
  config: { lr: 0.001, "opt.name": "flat", opt: { name: "adam", betas: [0.9, 0.99] } },
  latest: { "train/loss": 0.5, bad: "NaN" },
});

test.each(["constructor", "toString", "__proto__"])("finds no %s where none is", (name) => {
  for (const source of ["job", "latest", "config"] as const) {
    expect(runValue(job, { source, name })).toBeNull();
  }
});

describe("conditions", () => {
  test("survive names that contain operators", () => {
    const field = "latest.odd:name<x%!";
    expect(parseWhere(formatCondition(field, "<=", "3"))).toMatchObject({
      source: "latest",
      name: "odd:name<x%!",
      op: "<=",
      value: 3,
    });
  });

  test.each([
    ["config.lr:1e-3", true],
    ["config.lr!:0.001", false],
    ["config.lr>=0.001", true],
    ["config.missing!:3", true],
    ["config.missing<3", false],
    ["latest.train/loss<0.6", true],
    ["config.opt.name:FLAT", true],
  ])("%s → %s", (text, fits) => {
    const where = parseWhere(text);
    expect(where && matchesWhere(job, where)).toBe(fits);
  });

  test("are refused if they order text", () => {
    expect(parseWhere("config.lr<high")).toBeNull();
    expect(parseWhere("lr:3")).toBeNull();
  });
});

describe("values", () => {
  test("are found by key before path; NaN counts as missing", () => {
    expect(runValue(job, { source: "config", name: "opt.name" })).toBe("flat");
    expect(runValue(job, { source: "config", name: "opt.betas" })).toEqual([0.9, 0.99]);
    expect(runValue(job, { source: "latest", name: "bad" })).toBeNull();
  });

  test("sort numbers first, then text; missing values last in both directions", () => {
    const values = ["b", null, 2, "Infinity", "A", -1];
    const sorted = (descending: boolean) =>
      [...values].sort((a, b) => compareValues(a, b, descending));
    expect(sorted(false)).toEqual([-1, 2, "Infinity", "A", "b", null]);
    expect(sorted(true)).toEqual(["Infinity", 2, -1, "b", "A", null]);
  });

  test("are compared with a baseline in percent", () => {
    expect(percentAgainst(1.5, 1)).toBe(0.5);
    expect(percentAgainst(-1, -2)).toBe(0.5);
    expect(percentAgainst(1, 0)).toBeNull();
    expect([0.5, -0.034, 0, 29].map(formatPercentChange)).toEqual([
      "+50%",
      "−3.4%",
      "±0.0%",
      "+2,900%",
    ]);
  });
});
