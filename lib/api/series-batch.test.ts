import { describe, expect, it } from "vitest";
import type { SeriesQuery } from "./metrics.ts";
import { createSeriesBatch } from "./series-batch.ts";

function setUp(fail = false) {
  const queries: SeriesQuery[] = [];
  const flushes: (() => void)[] = [];
  const batch = createSeriesBatch({
    load: (query) => {
      queries.push(query);
      if (fail) return Promise.reject(new Error("down"));
      return Promise.resolve({
        job_id: "j",
        last_seq: 7,
        series: query.names.filter((n) => n !== "gone").map((name) => ({ name, buckets: [] })),
      });
    },
    schedule: (flush) => {
      flushes.push(flush);
    },
    maxNames: 3,
  });
  const flush = () => {
    for (const each of flushes.splice(0)) each();
  };
  return { batch, queries, flush };
}

describe("gathering the requests of panels", () => {
  it("sends one request for all panels of one moment", async () => {
    const { batch, queries, flush } = setUp();
    const replies = ["a", "b", "a"].map((name) => batch({ name, buckets: 500 }));
    flush();
    expect(queries.map((q) => q.names)).toEqual([["a", "b"]]);
    expect((await Promise.all(replies)).map((r) => r.series?.name)).toEqual(["a", "b", "a"]);
  });

  it("keeps ranges apart and requests short", () => {
    const { batch, queries, flush } = setUp();
    for (const name of ["a", "b", "c", "d"]) void batch({ name, buckets: 500 });
    void batch({ name: "a", buckets: 500, from: 10, to: 20 });
    flush();
    expect(queries.map((q) => [q.names, q.from])).toEqual([
      [["a", "b", "c"], undefined],
      [["d"], undefined],
      [["a"], 10],
    ]);
  });

  it("gives null for a series that is not there", async () => {
    const { batch, flush } = setUp();
    const reply = batch({ name: "gone", buckets: 10 });
    flush();
    expect(await reply).toEqual({ series: null, lastSeq: 7 });
  });

  it("fails every panel of a failed request, and only those", async () => {
    const { batch, flush } = setUp(true);
    const reply = batch({ name: "a", buckets: 10 });
    flush();
    await expect(reply).rejects.toThrow("down");
  });
});
