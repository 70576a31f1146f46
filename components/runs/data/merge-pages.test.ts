import type { Job, JobList } from "@signalbox/protocol/job/job";
import { describe, expect, test } from "vitest";
import { testJob } from "../../../lib/jobs/testing/test-job.ts";
import { tableLines } from "../table/table-rows.ts";
import { mergePages } from "./merge-pages.ts";

const total = 1_000;
const at = (place: number) => new Date(Date.UTC(2026, 0, 2) - place * 1000).toISOString();
const run = (place: number, fields: Partial<Job> = {}) =>
  testJob({ id: `r${place}`, created_at: at(place), ...fields });
const page = (number: number, extra: Partial<JobList> = {}): [number, JobList] => [
  number,
  {
    success: true,
    count: 100,
    total,
    jobs: Array.from({ length: 100 }, (_, i) => run(number * 100 + i)),
    ...extra,
  },
];
const merge = (pages: [number, JobList][], live: Job[] = []) =>
  mergePages({
    pages: new Map(pages),
    live: new Map(live.map((job) => [job.id, job])),
    removed: new Set(),
    query: {},
  });

describe("mergePages", () => {
  test("joins the pages from the top and places those after a gap at their position", () => {
    const merged = merge([page(0), page(1), page(7)]);
    expect(merged.order).toHaveLength(200);
    expect(merged.tail.get(700)).toBe("r700");
    expect(merged.tail.has(699)).toBe(false);
    expect(merged.total).toBe(total);
  });

  test("shifts later pages by the runs added above", () => {
    const merged = merge([page(0), page(7)], [run(-1)]);
    expect(merged.order[0]).toBe("r-1");
    expect(merged.tail.get(701)).toBe("r700");
  });

  test("keeps a grouped list in the server's order, with live values", () => {
    const groups = [{ key: "1", value: 1, count: total }];
    const merged = merge(
      [page(0, { groups })],
      [run(3, { last_seq: 9, current_step: 7 }), run(-1)],
    );
    expect(merged.order).toEqual([]);
    expect(merged.tail.get(3)).toBe("r3");
    expect(merged.known.get("r3")?.current_step).toBe(7);
    expect(merged.known.has("r-1")).toBe(false);
  });
});

describe("tableLines", () => {
  const groups = [
    { key: "a", value: "a", count: 2 },
    { key: "b", value: "b", count: 5 },
    { key: "c", value: "c", count: 1 },
  ];

  test("put a heading above each group; a collapsed one has no runs", () => {
    const lines = tableLines(3, groups, ["b"]);
    const shown = Array.from({ length: lines.count }, (_, i) => {
      const line = lines.at(i);
      return line.kind === "group" ? line.group.key : line.place;
    });
    expect(shown).toEqual(["a", 0, 1, "b", "c", 2]);
  });

  test("are the runs themselves without groups", () => {
    expect(tableLines(9, null, []).at(4)).toEqual({ kind: "run", place: 4 });
  });
});
