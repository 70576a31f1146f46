import { describe, expect, it } from "vitest";
import { chooseJob } from "./find-job.ts";
import { exitCodeOf, streamConfigOf } from "./follow.ts";
import { listOption, numberOption, parseAssignment } from "./values.ts";

describe("assignments", () => {
  it.each<[string, unknown]>([
    ["learning_rate=1.5e-3", 0.0015],
    ["a=-0", -0],
    ["flag=true", true],
    ["name=a=b", "a=b"],
    ["empty=", ""],
    ["n=0x10", 16],
    ["big=1e999", "1e999"],
  ])("%s", (text, value) => {
    expect(parseAssignment(text)[1]).toBe(value);
  });

  it.each(["learning_rate", "=3", " =3", ""])("refuses “%s”", (text) => {
    expect(() => parseAssignment(text)).toThrow("is not name=value");
  });
});

it("takes numbers within their range only", () => {
  const limit = numberOption({ min: 1, max: 500 });
  expect(limit("500")).toBe(500);
  for (const wrong of ["0", "501", "1.5", "", " ", "ten", "NaN", "Infinity"]) {
    expect(() => limit(wrong), wrong).toThrow("whole number, 1 to 500");
  }
});

it("collects options that are repeated or hold commas", () => {
  expect(listOption("c", listOption("a,b,", undefined))).toEqual(["a", "b", "c"]);
});

describe("which run is meant", () => {
  const runs = [
    { id: "job_1", name: "base" },
    { id: "job_12", name: "base-long" },
    { id: "base-9", name: "other" },
  ];
  it.each([
    ["job_1", ["job_1"]],
    ["base", ["job_1"]],
    ["job_", ["job_1", "job_12"]],
    ["base-l", ["job_12"]],
    ["base-", ["job_12", "base-9"]],
    ["ase", []],
  ])("%s → %j", (text, ids) => {
    expect(chooseJob(runs, text).map(({ id }) => id)).toEqual(ids);
  });
});

describe("what a followed run shows", () => {
  it("is status, events, metrics and timeline by default", () => {
    expect(streamConfigOf({}).streams).toEqual(["status", "events", "metrics", "timeline"]);
    expect(streamConfigOf({ stream: ["all"] }).streams).toHaveLength(6);
  });

  it("is filtered by type and level, by name and phase", () => {
    const config = streamConfigOf({
      filterEvents: ["oom", "level=error"],
      filterMetrics: ["eval/*", "phase=eval"],
    });
    expect(config).toMatchObject({
      event_types: ["oom"],
      event_levels: ["error"],
      metric_names: ["eval/*"],
      metric_phases: ["eval"],
    });
    expect(streamConfigOf({ filterEvents: ["level=error"] }).event_types).toBeNull();
  });
});

it("tells the end of a run by the exit code", () => {
  const codes = (["succeeded", "failed", "cancelled"] as const).map((status) =>
    exitCodeOf({ status }),
  );
  expect(codes).toEqual([0, 1, 3]);
});
