import type { RunTail } from "@signalbox/protocol/compare";
import { formatWhere, parseWhere } from "@signalbox/protocol/run-field";
import { describe, expect, test, vi } from "vitest";
import { testJob } from "../jobs/testing/test-job.ts";
import { valueAxis } from "./axes.ts";
import { differences, shownDifferences } from "./differences.ts";
import { runStyles } from "./run-styles.ts";
import {
  compareValues,
  formatPercentChange,
  meets,
  percentAgainst,
  runValue,
} from "./run-value.ts";
import { TailStore } from "./tail-store.ts";

const job = testJob({
  id: "a",
  config: { lr: 0.001, "opt.name": "flat", opt: { name: "adam", betas: [0.9, 0.99] } },
  latest: { "train/loss": 0.5, bad: "NaN" },
});

describe("conditions", () => {
  test("survive names that hold their own signs", () => {
    const field = "latest.odd:name<x%!";
    expect(parseWhere(formatWhere(field, "<=", "3"))).toMatchObject({
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
    expect(where && meets(job, where)).toBe(fits);
  });

  test("are refused where they compare order with a word", () => {
    expect(parseWhere("config.lr<high")).toBeNull();
    expect(parseWhere("lr:3")).toBeNull();
  });
});

describe("values", () => {
  test("are found by key before path; NaN is nothing", () => {
    expect(runValue(job, { source: "config", name: "opt.name" })).toBe("flat");
    expect(runValue(job, { source: "config", name: "opt.betas" })).toEqual([0.9, 0.99]);
    expect(runValue(job, { source: "latest", name: "bad" })).toBeNull();
  });

  test("stand numbers first, then words, nothing last, in both directions", () => {
    const values = ["b", null, 2, "Infinity", "A", -1];
    const sorted = (falling: boolean) => [...values].sort((a, b) => compareValues(a, b, falling));
    expect(sorted(false)).toEqual([-1, 2, "Infinity", "A", "b", null]);
    expect(sorted(true)).toEqual(["Infinity", 2, -1, "b", "A", null]);
  });

  test("are measured against a baseline in per cent", () => {
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

test("a run keeps its style when others join after it; eight have eight colours", () => {
  const ids = Array.from({ length: 20 }, (_, i) => `run-${i}`);
  const eight = runStyles(ids.slice(0, 8));
  const all = runStyles(ids);
  for (const id of ids.slice(0, 8)) expect(all.get(id)).toEqual(eight.get(id));
  expect(new Set([...eight.values()].map(({ colour }) => colour)).size).toBe(8);
  expect(new Set([...all.values()].map((style) => JSON.stringify(style))).size).toBe(20);
});

test("an axis stands on a log scale over two decades, and spreads words evenly", () => {
  const jobs = [1e-5, 1e-3, 1e-1].map((lr, i) =>
    testJob({ id: `${i}`, config: { lr, opt: `o${i}` } }),
  );
  expect(valueAxis(jobs, "config.lr")).toMatchObject({ logarithmic: true, places: [0, 0.5, 1] });
  expect(valueAxis(jobs, "config.opt")?.places).toEqual([0, 0.5, 1]);
  expect(valueAxis(jobs, "config.none")?.places).toEqual([null, null, null]);
});

describe("TailStore", () => {
  const reply = (next: number): { runs: RunTail[] } => ({
    runs: [
      {
        job_id: "a",
        generation: "g",
        last_seq: next,
        next_seq: next,
        series: { loss: [[next, 1, next, 1000 * next, null]] },
      },
    ],
  });

  function store() {
    const timers: (() => void)[] = [];
    let seq = 10;
    const read = vi.fn(async () => {
      seq += 1;
      return reply(seq);
    });
    const tails = new TailStore({
      read,
      setTimeout: (run) => timers.push(run),
      clearTimeout: () => timers.splice(0),
    });
    const settle = async () => {
      timers.shift()?.();
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    };
    return { tails, read, timers, settle };
  }

  test("asks nothing until a run moves, and then from where its tail begins", async () => {
    const { tails, read, timers, settle } = store();
    tails.note("a", 10);
    expect(timers).toHaveLength(0);
    tails.note("a", 11);
    await settle();
    expect(read).toHaveBeenCalledWith(new Map([["a", 10]]));
    expect(tails.tail("a", "loss")).toEqual({
      steps: [11],
      values: [1],
      seqs: [11],
      times: [11_000],
      epochs: [Number.NaN],
    });
  });

  test("waits between two requests, however often a run moves, and stops when closed", async () => {
    const { tails, read, timers, settle } = store();
    tails.note("a", 10);
    tails.note("a", 11);
    await settle();
    tails.note("a", 12);
    tails.note("a", 13);
    expect(read).toHaveBeenCalledTimes(1);
    expect(timers).toHaveLength(1);
    tails.close();
    expect(timers).toHaveLength(0);
    tails.note("a", 14);
    expect(timers).toHaveLength(0);
  });
});
