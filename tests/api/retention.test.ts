import { type SeriesBucket, seriesReplySchema } from "@signalbox/protocol/data/metrics";
import { retentionSchema } from "@signalbox/protocol/service/retention";
import { type LimitName, usageSchema } from "@signalbox/protocol/service/usage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines, type TestUser } from "../../supabase/local/testing.ts";
import { startApi, type TestApi } from "./kit.ts";

const total = 5_000;

describe.each(engines)("retention, on %s", (engine) => {
  let api: TestApi;
  let user: TestUser;
  let key: string;

  beforeAll(async () => {
    api = await startApi({ engine });
    user = await api.signUp("a");
    key = await api.makeKey(user);
  });
  afterAll(() => api.close());

  const settings = "/api/settings/retention";
  const set = (archived_days: number | null, points_days: number | null) =>
    api.call("PUT", settings, { key, json: { archived_days, points_days } });

  /** A run that ended that many days ago, with every kind of point that must be kept. */
  async function finishedRun(id: string, daysAgo: number, owner = user): Promise<void> {
    const { token } = await api.attach(owner, id);
    const points = Array.from({ length: total }, (_, step) => ({
      name: "loss",
      step,
      value: step === 1234 ? 99 : step === 77 ? "NaN" : step === 4000 ? "Infinity" : step % 7,
      epoch: step / 1000,
    }));
    for (let first = 0; first < total; first += 500) {
      const reply = await api.call("POST", "/api/training/local/metrics", {
        bearer: token,
        json: { job_id: id, points: points.slice(first, first + 500) },
      });
      expect(reply.status, reply.text).toBe(200);
    }
    const done = { bearer: token, json: { status: "succeeded" } };
    expect((await api.call("POST", `/api/training/local/${id}/status`, done)).status).toBe(200);
    await api.supabase.sql(
      `update jobs set finished_at = now() - interval '${daysAgo} days' where id = '${id}'`,
    );
  }

  async function applyAll(): Promise<void> {
    const { applyRetention } = await import("../../lib/server/retention/apply-retention.ts");
    const { removeDeletedJobs } = await import("../../lib/server/jobs/remove-deleted-jobs.ts");
    for (let portions = 0; await applyRetention(1_000); portions += 1) {
      expect(portions).toBeLessThan(100);
    }
    await removeDeletedJobs();
  }

  async function buckets(id: string, query: string): Promise<SeriesBucket[]> {
    const path = `/api/training/local/${id}/metrics?names=loss&${query}`;
    const reply = await api.call("GET", path, { key });
    return reply.as(seriesReplySchema).series[0]?.buckets ?? [];
  }

  async function pointsOf(id: string): Promise<number> {
    const [row] = await api.supabase.sql<{ n: string }>(
      `select count(*) as n from metric_points p join metric_series s on s.id = p.series_id
        join jobs j on j.key = s.job_key where j.id = '${id}'`,
    );
    return Number(row?.n);
  }

  async function usageOf(limit: LimitName): Promise<number | undefined> {
    const { limits } = (await api.call("GET", "/api/usage", { key })).as(usageSchema);
    return limits.find((usage) => usage.limit === limit)?.used;
  }

  it("keeps everything by default", async () => {
    await finishedRun("untouched", 3_000);
    await applyAll();
    expect(await pointsOf("untouched")).toBe(total);
    const reply = await api.call("GET", settings, { key });
    expect(reply.as(retentionSchema)).toEqual({
      archived_days: null,
      points_days: null,
      stored: { runs: 1, archived: 0, points: total },
    });
  });

  it("downsamples old finished runs without losing a spike, and leaves other runs unchanged", async () => {
    await finishedRun("old", 40);
    await finishedRun("recent", 20);
    const other = await api.signUp("b");
    await finishedRun("foreign", 40, other);
    await api.attach(user, "running");
    const wide = await buckets("old", "buckets=50&x=epoch");
    const fine = await buckets("old", "buckets=5000");
    expect(fine).toHaveLength(total);
    expect(await usageOf("points")).toBe(3 * total);
    const bytesBefore = (await usageOf("point_bytes")) ?? 0;

    expect((await set(null, 30)).status).toBe(200);
    await applyAll();

    expect(await buckets("old", "buckets=50&x=epoch")).toEqual(wide);
    const downsampled = await buckets("old", "buckets=5000");
    expect(downsampled).toHaveLength(Math.ceil(total / 16));
    expect(downsampled.reduce((sum, { count }) => sum + count, 0)).toBe(total);
    expect(downsampled.filter(({ max }) => max === 99)).toMatchObject([{ step_first: 1232 }]);
    expect(downsampled.filter((one) => one.nan_count > 0)).toMatchObject([{ step_first: 64 }]);
    expect(downsampled.filter(({ max }) => max === "Infinity")).toHaveLength(1);
    const close = await buckets("old", "buckets=100&from=1233&to=1235");
    expect(close).toMatchObject([{ step_first: 1232, step_last: 1247, max: 99, count: 16 }]);
    expect(await pointsOf("old")).toBeLessThan((total / 16) * 5);
    const kept = await api.supabase.sql<{ step: string }>(
      `select step from metric_points p join metric_series s on s.id = p.series_id join jobs j
        on j.key = s.job_key where j.id = 'old' and step in (77, 1234, 4000) order by step`,
    );
    expect(kept.map(({ step }) => Number(step))).toEqual([77, 1234, 4000]);

    expect(await pointsOf("recent")).toBe(total);
    expect(await pointsOf("foreign")).toBe(total);
    const left = (await pointsOf("old")) + (await pointsOf("untouched"));
    expect(await usageOf("points"), "usage counts what is left").toBe(left + total);
    expect(await usageOf("point_bytes")).toBeLessThan(bytesBefore / 2);
    const [journal] = await api.supabase.sql<{ bytes: string; rows: string }>(
      `select sum(length(s.payload::text)) as bytes, count(*) as rows from job_stream s
        join jobs j on j.key = s.job_key where j.id = 'old' and s.stream = 'metrics'`,
    );
    expect(Number(journal?.bytes)).toBe(Number(journal?.rows) * 2);
  });

  it("downsamples again after a downsampled run received new points", async () => {
    const { token } = await api.attach(user, "old");
    const late = Array.from({ length: 160 }, (_, index) => ({
      name: "loss",
      step: total + index,
      value: index === 50 ? 500 : 1,
    }));
    const json = { job_id: "old", points: late };
    const reply = await api.call("POST", "/api/training/local/metrics", { bearer: token, json });
    expect(reply.status, reply.text).toBe(200);
    const before = await pointsOf("old");
    await applyAll();
    expect(await pointsOf("old")).toBeLessThan(before - 100);
    const found = await buckets("old", "buckets=5000");
    expect(found.filter(({ max }) => max === 500)).toHaveLength(1);
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(total + 160);
  });

  it("deletes archived runs when their retention period is over, counted from archiving", async () => {
    await finishedRun("long-archived", 400);
    await finishedRun("just-archived", 400);
    const archive = (id: string) =>
      api.call("PUT", `/api/training/${id}`, { key, json: { archived: true } });
    await archive("long-archived");
    await archive("just-archived");
    await api.supabase.sql(
      "update jobs set archived_at = now() - interval '8 days' where id = 'long-archived'",
    );
    expect((await set(7, null)).status).toBe(200);
    await applyAll();
    expect((await api.call("GET", "/api/training/long-archived", { key })).status).toBe(404);
    expect((await api.call("GET", "/api/training/just-archived", { key })).status).toBe(200);
    expect((await api.call("GET", "/api/training/untouched", { key })).status).toBe(200);
  });

  it("deletes a long run at once, and its points in batches", async () => {
    const { dropPoints, removeRows } = await import(
      "../../lib/server/retention/apply-retention.ts"
    );
    while ((await removeRows()) || (await dropPoints())) {}
    const { token } = await api.attach(user, "long");
    for (let first = 0; first < 60_000; first += 10_000) {
      const points = Array.from({ length: 10_000 }, (_, index) => ({
        name: "loss",
        step: first + index,
        value: 1,
      }));
      const json = { job_id: "long", points };
      await api.call("POST", "/api/training/local/metrics", { bearer: token, json });
    }
    const done = { bearer: token, json: { status: "succeeded" } };
    await api.call("POST", "/api/training/local/long/status", done);
    const countAll = async () => {
      const [row] = await api.supabase.sql<{ n: string }>(
        "select count(*) as n from metric_points",
      );
      return Number(row?.n);
    };
    const before = await countAll();
    expect((await api.call("DELETE", "/api/training/long", { key })).status).toBe(200);
    expect((await api.call("GET", "/api/training/long", { key })).status).toBe(404);
    while (await removeRows()) {}
    expect(await countAll()).toBe(before);
    expect(await dropPoints(25_000)).toBe(true);
    expect(await countAll()).toBe(before - 25_000);
    while (await dropPoints(25_000)) {}
    expect(await countAll()).toBe(before - 60_000);
    const [rollups] = await api.supabase.sql<{ n: string }>(
      `select count(*) as n from metric_rollups r
        where not exists (select from metric_series s where s.id = r.series_id)`,
    );
    expect(Number(rollups?.n)).toBe(0);
  });

  it("rejects invalid numbers of days", async () => {
    for (const days of [0, -1, 1.5, 4000, "7"]) {
      const json = { archived_days: days, points_days: null };
      expect((await api.call("PUT", settings, { key, json })).status).toBe(400);
    }
    const partly = await api.call("PUT", settings, { key, json: { archived_days: 7 } });
    expect(partly.status).toBe(400);
  });
});
