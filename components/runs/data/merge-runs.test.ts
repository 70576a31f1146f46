import type { Job } from "@signalbox/protocol/job/job";
import { describe, expect, test } from "vitest";
import { testJob } from "../../../lib/jobs/testing/test-job.ts";
import { compareJobs, type MergeInput, matchesQuery, mergeRuns, newerJob } from "./merge-runs.ts";

const at = (minute: number) => `2026-11-20T08:${String(minute).padStart(2, "0")}:00.000Z`;
const job = (id: string, minute: number, fields: Partial<Job> = {}) =>
  testJob({ id, created_at: at(minute), updated_at: at(minute), ...fields });

function merge(input: Partial<MergeInput> & { listed: Job[] }, live: Job[] = []) {
  return mergeRuns({
    total: input.listed.length,
    complete: true,
    removed: new Set(),
    query: {},
    live: new Map(live.map((each) => [each.id, each])),
    ...input,
  });
}

describe("mergeRuns", () => {
  test("puts a new live run first and counts it", () => {
    const merged = merge({ listed: [job("b", 2), job("a", 1)] }, [job("c", 3)]);
    expect(merged.order).toEqual(["c", "b", "a"]);
    expect(merged.total).toBe(3);
  });

  test("shows the newer of the live and the listed copy", () => {
    const merged = merge({ listed: [job("a", 1, { last_seq: 5 }), job("b", 2, { last_seq: 9 })] }, [
      job("a", 1, { last_seq: 7, current_step: 70 }),
      job("b", 2, { last_seq: 8 }),
    ]);
    expect(merged.known.get("a")?.current_step).toBe(70);
    expect(merged.known.get("b")?.last_seq).toBe(9);
  });

  test("drops a run that no longer matches the filter but keeps it known", () => {
    const merged = merge({ listed: [job("a", 1)], query: { status: ["running"] } }, [
      job("a", 1, { last_seq: 2, status: "paused" }),
    ]);
    expect(merged.order).toEqual([]);
    expect(merged.known.get("a")?.status).toBe("paused");
    expect(merged.total).toBe(0);
  });

  test("forgets removed runs, listed or live", () => {
    const merged = merge({ listed: [job("a", 1), job("b", 2)], removed: new Set(["a", "c"]) }, [
      job("c", 3),
    ]);
    expect(merged.order).toEqual(["b"]);
    expect(merged.known.has("a")).toBe(false);
    expect(merged.total).toBe(1);
  });

  test("leaves a live run out while its page is not loaded", () => {
    const merged = merge({ listed: [job("c", 3), job("b", 2)], complete: false, total: 10 }, [
      job("a", 1),
    ]);
    expect(merged.order).toEqual(["c", "b"]);
    expect(merged.total).toBe(10);
  });

  test("lists a run once when two pages overlap", () => {
    expect(merge({ listed: [job("b", 2), job("b", 2), job("a", 1)] }).order).toEqual(["b", "a"]);
  });
});

describe("newerJob", () => {
  const spark = { name: "train/loss", points: [[1, 2]] as [number, number][] };

  test("keeps the sparkline when the newer copy has none", () => {
    const merged = newerJob(job("a", 1, { spark }), job("a", 1, { last_seq: 2 }));
    expect(merged.last_seq).toBe(2);
    expect(merged.spark).toEqual(spark);
  });

  test("takes no sparkline from another generation", () => {
    const again = job("a", 5, { generation: "gen2" });
    expect(newerJob(job("a", 1, { spark, last_seq: 99 }), again)).toBe(again);
  });
});

describe("compareJobs", () => {
  test("puts unknown values last in both directions", () => {
    const jobs = [
      job("none", 1),
      job("low", 2, { progress: 0.1 }),
      job("high", 3, { progress: 0.9 }),
    ];
    const ids = (sort: string) => [...jobs].sort(compareJobs(sort)).map((each) => each.id);
    expect(ids("progress")).toEqual(["low", "high", "none"]);
    expect(ids("-progress")).toEqual(["high", "low", "none"]);
  });

  test("sorts names without regard to case and equals newest first", () => {
    const jobs = [
      job("1", 1, { name: "b" }),
      job("2", 2, { name: "A" }),
      job("3", 3, { name: "B" }),
    ];
    expect([...jobs].sort(compareJobs("name")).map((each) => each.id)).toEqual(["2", "3", "1"]);
  });
});

describe("matchesQuery", () => {
  test("requires every tag, one of the states, and the text in any field", () => {
    const run = job("g2p-1", 1, { tags: ["baseline", "cmu"], model_name: "Tiny" });
    expect(matchesQuery(run, { tag: ["baseline", "cmu"], status: ["paused", "running"] })).toBe(
      true,
    );
    expect(matchesQuery(run, { tag: ["baseline", "other"] })).toBe(false);
    expect(matchesQuery(run, { q: "tiny" })).toBe(true);
    expect(matchesQuery(run, { q: "G2P" })).toBe(true);
    expect(matchesQuery(run, { q: "nowhere" })).toBe(false);
  });

  test("hides archived runs unless requested", () => {
    const run = job("a", 1, { archived: true });
    expect(matchesQuery(run, {})).toBe(false);
    expect(matchesQuery(run, { archived: "true" })).toBe(true);
    expect(matchesQuery(run, { archived: "all" })).toBe(true);
  });
});
