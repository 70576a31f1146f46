import { type LimitUsage, limitNames } from "@signalbox/protocol/service/usage";
import { expect, it } from "vitest";
import { rowsOf, usageGroups, usageState, usageText } from "./usage-groups.ts";

const usage = (used: number, maximum: number, more: Partial<LimitUsage> = {}): LimitUsage => ({
  limit: "points",
  used,
  maximum,
  unit: "count",
  setting: "SIGNALBOX_LIMIT_POINTS",
  ...more,
});

it("shows every limit once", () => {
  const shown = usageGroups.flatMap(({ rows }) => rows.flatMap(({ limits }) => [...limits]));
  expect(shown.sort()).toEqual([...limitNames].sort());
});

it("leaves out a row without figures, such as the trainers of a backend that does not answer", () => {
  const [storage, runs] = usageGroups;
  const reply = { limits: [usage(1, 2), usage(1, 2, { limit: "runs" })] };
  expect(rowsOf(storage.rows, reply).map(({ label }) => label)).toEqual(["Metrics"]);
  expect(rowsOf(runs.rows, reply).map(({ label }) => label)).toEqual(["Runs"]);
});

it("tells room from little room and none", () => {
  expect([0, 79, 80, 99, 100, 120].map((used) => usageState(usage(used, 100)))).toEqual([
    "room",
    "room",
    "near",
    "near",
    "full",
    "full",
  ]);
});

it("warns of no limit at which nothing is refused", () => {
  expect(usageState(usage(4, 4, { limit: "trainers" }))).toBe("room");
});

it("words counts, bytes and rates", () => {
  expect(usageText(usage(1204, 1e9), "points")).toBe("1,204 of 1,000,000,000 points");
  expect(usageText(usage(2, 4))).toBe("2 of 4");
  expect(usageText(usage(1536, 100 * 2 ** 30, { unit: "bytes" }))).toBe("1.5 KiB of 100 GiB");
  expect(usageText(usage(3, 60_000, { unit: "per_minute" }))).toBe("3 of 60,000 a minute");
});
