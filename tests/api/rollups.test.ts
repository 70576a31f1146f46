import { columnsReplySchema, rowsOfColumns } from "@signalbox/protocol/data/bucket-columns";
import { type SeriesBucket, seriesReplySchema } from "@signalbox/protocol/data/metrics";
import { fromWireNumber, type WireNumber } from "@signalbox/protocol/wire/wire-number";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines } from "../../supabase/local/testing.ts";
import { startWithOwner } from "./job-driver.ts";
import type { TestApi } from "./kit.ts";

interface Point {
  name: string;
  step: number;
  value: WireNumber;
  epoch?: number;
  phase?: string;
}

/** Multiples of 1/4 add up exactly in any order, so that means are exactly comparable. */
const value: fc.Arbitrary<WireNumber> = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -4e6, max: 4e6 }).map((n) => n / 4) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("NaN" as const, "Infinity" as const, "-Infinity" as const),
  },
);
const step = fc.oneof(
  fc.nat(20),
  fc.nat(300),
  fc.nat(20_000),
  fc.nat(2 ** 31 - 1).map((n) => n * 2 ** 20),
);
const point: fc.Arbitrary<Point> = fc.record(
  {
    name: fc.constantFrom("a", "a", "b", "eval/c"),
    step,
    value,
    epoch: fc.nat(3),
    phase: fc.constantFrom("train", "eval"),
  },
  { requiredKeys: ["name", "step", "value"] },
);
const batches = fc.array(fc.array(point, { minLength: 1, maxLength: 40 }), {
  minLength: 1,
  maxLength: 5,
});
const view = fc.record({
  buckets: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(500)),
  from: fc.option(step, { nil: undefined }),
  to: fc.option(step, { nil: undefined }),
});

describe.each(engines)("metrics read back, on %s", (engine) => {
  let api: TestApi;
  let key: string;
  let n = 0;

  beforeAll(async () => {
    ({ api, key } = await startWithOwner({ engine }));
  });
  afterAll(() => api.close());

  const get = async (path: string) => {
    const reply = await api.call("GET", path, { key });
    expect(reply.status, reply.text).toBe(200);
    return reply;
  };

  async function store(list: Point[][]): Promise<string> {
    n += 1;
    const id = `job-${n}`;
    await api.call("POST", "/api/training/local/jobs", { key, json: { job_id: id } });
    for (const points of list) {
      const json = { job_id: id, points };
      const reply = await api.call("POST", "/api/training/local/metrics", { key, json });
      expect(reply.status, reply.text).toBe(200);
    }
    return id;
  }

  it("have buckets that match their raw points, at every resolution", async () => {
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.array(view, { minLength: 2, maxLength: 3 }),
        async (list, views) => {
          const id = await store(list);
          const all = list.flat();
          for (const { buckets, from, to } of views) {
            const range = [
              from === undefined ? "" : `&from=${from}`,
              to === undefined ? "" : `&to=${to}`,
            ];
            const path = `/api/training/local/${id}/metrics?buckets=${buckets}${range.join("")}`;
            const reply = await get(path);
            expect((await get(path)).text).toBe(reply.text);
            const { series } = reply.as(seriesReplySchema);
            const names = [...new Set(all.map(({ name }) => name))].sort();
            expect(series.map(({ name }) => name)).toEqual(names);
            for (const { name, buckets: found } of series) {
              const own = all.filter((candidate) => candidate.name === name);
              compare(own, found, from ?? 0, to ?? Number.MAX_SAFE_INTEGER);
              expect(found.length).toBeLessThanOrEqual(buckets + 1);
            }
          }
        },
      ),
      { numRuns: 25, seed: 7 },
    );
  });

  function compare(points: Point[], buckets: SeriesBucket[], from: number, to: number): void {
    let covered = 0;
    let before = -1;
    for (const bucket of buckets) {
      expect(bucket.step_first).toBeGreaterThan(before);
      expect(bucket.step_last).toBeGreaterThanOrEqual(bucket.step_first);
      before = bucket.step_last;
      // The range may end inside a rollup's bucket: no point beyond it may be included.
      expect(bucket.step_first).toBeGreaterThanOrEqual(from);
      expect(bucket.step_last).toBeLessThanOrEqual(to);
      const own = points.filter(
        (one) => one.step >= bucket.step_first && one.step <= bucket.step_last,
      );
      covered += own.filter((one) => one.step >= from && one.step <= to).length;
      const numbers = own.map((one) => fromWireNumber(one.value)).filter((v) => !Number.isNaN(v));
      const finite = numbers.filter(Number.isFinite);
      const sum = finite.reduce((total, v) => total + v, 0);
      expect(bucket.count).toBe(own.length);
      expect(bucket.nan_count).toBe(own.length - numbers.length);
      expect(plain(bucket.min)).toBe(numbers.length ? Math.min(...numbers) : null);
      expect(plain(bucket.max)).toBe(numbers.length ? Math.max(...numbers) : null);
      expect(plain(bucket.mean)).toBe(finite.length ? sum / finite.length : null);
      // For a repeated step, the last written value counts.
      expect(bucket.first).toBe(own.findLast((one) => one.step === bucket.step_first)?.value);
      expect(bucket.last).toBe(own.findLast((one) => one.step === bucket.step_last)?.value);
    }
    expect(covered).toBe(points.filter((one) => one.step >= from && one.step <= to).length);
  }

  it("show one spike, one dip and one NaN in a million points in every range that contains them", async () => {
    const total = 1_000_000;
    const marks = { spike: 654_321, dip: 12_345, gap: 999_983 };
    const valueAt = (at: number): WireNumber => {
      if (at === marks.gap) return "NaN";
      if (at === marks.spike) return 1e6;
      return at === marks.dip ? -1e6 : at % 4;
    };
    const id = await store(
      Array.from({ length: total / 10_000 }, (_, batch) =>
        Array.from({ length: 10_000 }, (_, index) => {
          const at = batch * 10_000 + index;
          return { name: "a", step: at, value: valueAt(at) };
        }),
      ),
    );
    const edges = fc.uniqueArray(
      fc.oneof(fc.nat(total - 1), ...Object.values(marks).map((at) => nearby(at, total))),
      { minLength: 2, maxLength: 2 },
    );
    await fc.assert(
      fc.asyncProperty(edges, fc.integer({ min: 1, max: 600 }), async (ends, buckets) => {
        const from = Math.min(...ends);
        const to = Math.max(...ends);
        const path = `/api/training/local/${id}/metrics?buckets=${buckets}&from=${from}&to=${to}`;
        const reply = await get(path);
        const found = reply.as(seriesReplySchema).series[0]?.buckets ?? [];
        const inside = (at: number) => (at >= from && at <= to ? 1 : 0);
        expect(found.filter(({ max }) => max === 1e6)).toHaveLength(inside(marks.spike));
        expect(found.filter(({ min }) => min === -1e6)).toHaveLength(inside(marks.dip));
        expect(found.filter((one) => one.nan_count > 0)).toHaveLength(inside(marks.gap));
        expect(found[0]?.step_first).toBe(from);
        expect(found.at(-1)?.step_last).toBe(to);
        expect(found.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(to - from + 1);
        expect(found.length).toBeLessThanOrEqual(buckets + 1);
        expect((await get(path)).text).toBe(reply.text);
      }),
      { numRuns: 60, seed: 4 },
    );
  }, 120_000);

  /** Steps near one, with closer ones more likely. */
  const nearby = (at: number, total: number) =>
    fc
      .tuple(fc.nat(16), fc.boolean())
      .map(([power, up]) =>
        Math.min(total - 1, Math.max(0, at + (up ? 1 : -1) * (2 ** power - 1))),
      );

  it("have the same values as columns and as objects", async () => {
    await fc.assert(
      fc.asyncProperty(
        batches,
        view,
        fc.constantFrom("step", "epoch", "time"),
        async (list, { buckets }, x) => {
          const id = await store(list);
          const path = `/api/training/local/${id}/metrics?buckets=${buckets}&x=${x}`;
          const objects = (await get(path)).as(seriesReplySchema);
          const columns = (await get(`${path}&format=columns`)).as(columnsReplySchema);
          expect(rowsOfColumns(columns)).toEqual(objects);
        },
      ),
      { numRuns: 10, seed: 3 },
    );
  });

  it("include the epoch and time of each bucket's ends on request", async () => {
    n += 1;
    const id = `job-${n}`;
    await api.call("POST", "/api/training/local/jobs", { key, json: { job_id: id } });
    const points = Array.from({ length: 100 }, (_, at) => ({
      name: "a",
      step: at,
      value: at,
      epoch: at / 50,
      timestamp: 1_767_225_600_000 + at * 1000,
    }));
    await api.call("POST", "/api/training/local/metrics", { key, json: { job_id: id, points } });
    const path = `/api/training/local/${id}/metrics?buckets=2`;
    const bucket = async (x: string) =>
      (await get(`${path}&x=${x}`)).as(seriesReplySchema).series[0]?.buckets[1];
    expect(await bucket("epoch")).toMatchObject({ epoch_first: 1.28, epoch_last: 1.98 });
    expect(await bucket("time")).toMatchObject({
      time_first: 1_767_225_664_000,
      time_last: 1_767_225_699_000,
    });
    expect((await get(path)).text).not.toMatch(/epoch_|time_/);
    expect((await api.call("GET", `${path}&x=moon`, { key })).status).toBe(400);
  });

  const plain = (wire: WireNumber | null) => (wire === null ? null : fromWireNumber(wire) + 0);

  it("return each point once, with any page size", async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.integer({ min: 1, max: 30 }), async (list, limit) => {
        const id = await store(list);
        const all = list.flat();
        const sent = all.map(({ name, step: at, value: v, epoch }) => [name, at, v, epoch ?? null]);

        const wide = await pages(`/api/training/local/${id}/metrics`, "metrics", limit);
        const values = wide.flatMap(({ step: at, epoch, timestamp: _, ...series }) =>
          Object.entries(series).map(([name, v]) => [name, at, v, epoch]),
        );
        expect(sorted(values)).toEqual(sorted(sent));

        const raw = await pages(`/api/learning/jobs/${id}/metrics`, "points", limit);
        const points = raw.map((row) => [row.name, row.step, row.value, row.epoch, row.phase]);
        const phases = all.map((one) => one.phase ?? null);
        expect(sorted(points)).toEqual(sorted(sent.map((one, i) => [...one, phases[i]])));

        const byStep = await pagesByStep(id, limit);
        const rows = byStep.map((row) => [row.name, row.step, row.value, row.epoch, row.phase]);
        expect(sorted(rows)).toEqual(sorted(points));
        expect(byStep.map((row) => row.step)).toEqual(
          byStep.map((row) => row.step as number).toSorted((a, b) => a - b),
        );
      }),
      { numRuns: 15, seed: 8 },
    );
  });

  const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();

  /** Follows `next_seq` until there is nothing new. */
  async function pages(path: string, field: string, limit: number) {
    const rows: Record<string, unknown>[] = [];
    for (let after = 0; ; ) {
      const { body } = await get(`${path}?after_seq=${after}&limit=${limit}`);
      const page = body as { next_seq: number; total: number } & Record<string, typeof rows>;
      rows.push(...(page[field] ?? []));
      expect(page.total).toBeGreaterThanOrEqual(rows.length);
      if (page.next_seq === after) return rows;
      after = page.next_seq;
    }
  }

  async function pagesByStep(id: string, limit: number) {
    const rows: Record<string, unknown>[] = [];
    for (let after = -1; ; ) {
      const path = `/api/learning/jobs/${id}/metrics?after_step=${after}&limit=${limit}`;
      const { points } = (await get(path)).body as { points: typeof rows };
      const last = points.at(-1);
      if (!last) return rows;
      rows.push(...points);
      after = last.step as number;
    }
  }

  it("return the same rows that were sent", async () => {
    const metrics = [
      { step: 1, epoch: 0.5, timestamp: "2026-01-01T00:00:00.000Z", loss: 1.5, "eval/acc": "NaN" },
      { step: 2, epoch: 0.5, timestamp: "2026-01-01T00:00:01.000Z", loss: 1.25, seq: 7 },
      { step: 2, epoch: 0.5, timestamp: "2026-01-01T00:00:02.000Z", loss: 1.25 },
      { step: 2, epoch: 0.5, timestamp: "2026-01-01T00:00:02.000Z", loss: 1 },
      { step: 3, epoch: 0.75, timestamp: "2026-01-01T00:00:03.000Z", "train/kl": -0.5 },
      { step: 3, epoch: 1, timestamp: "2026-01-01T00:00:03.000Z", loss: 1 },
    ];
    n += 1;
    const id = `job-${n}`;
    await api.call("POST", "/api/training/local/jobs", { key, json: { job_id: id } });
    const json = { job_id: id, metrics };
    await api.call("POST", "/api/training/local/metrics", { key, json });
    const { body } = await get(`/api/training/local/${id}/metrics`);
    expect(body).toEqual({
      job_id: id,
      metrics: expect.arrayContaining(metrics),
      next_seq: 2,
      total: 8,
    });
    expect((body as { metrics: unknown[] }).metrics).toHaveLength(metrics.length);
    const some = await get(`/api/training/local/${id}/metrics?names=train/kl,seq&from=2&to=3`);
    expect(some.body).toMatchObject({
      metrics: [
        { step: 2, seq: 7 },
        { step: 3, "train/kl": -0.5 },
      ],
    });
  });

  it("are empty for a run without metrics", async () => {
    const id = await store([]);
    const empty = { job_id: id, metrics: [], next_seq: 0, total: 0 };
    expect((await get(`/api/training/local/${id}/metrics`)).body).toEqual(empty);
    const none = await get(`/api/training/local/${id}/metrics?buckets=10`);
    expect(none.body).toEqual({ job_id: id, last_seq: 1, series: [] });
    const upsideDown = await store([[{ name: "a", step: 5, value: 1 }]]);
    const reply = await get(`/api/training/local/${upsideDown}/metrics?buckets=10&from=9&to=3`);
    expect(reply.body).toMatchObject({ series: [{ name: "a", buckets: [] }] });
  });
});
