import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines } from "../../supabase/local/testing.ts";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import { expectRefusal, type Reply, type TestApi } from "./kit.ts";

const far = Number.MAX_SAFE_INTEGER;

describe.each(engines)("numbers round-trip, on %s", (engine) => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner({ engine }));
  });
  afterAll(() => api.close());

  const send = (json: Record<string, unknown>): Promise<Reply> =>
    api.call("POST", "/api/training/local/metrics", { key, json });
  const read = async (path: string) => {
    const reply = await api.call("GET", path, { key });
    expect(reply.status, reply.text).toBe(200);
    return reply.body as Record<string, unknown>;
  };
  const wide = async (id: string) =>
    (await read(`/api/training/local/${id}/metrics`)).metrics as Record<string, unknown>[];

  it("keeps every double, NaN and the infinities", async () => {
    const id = await act.attach();
    const values = [
      0,
      0.1,
      -1e-7,
      1 / 3,
      5e-324,
      2.2250738585072014e-308,
      1.7976931348623157e308,
      -1.7976931348623157e308,
      1e21,
      123456789012345680000,
      far,
      "NaN",
      "Infinity",
      "-Infinity",
    ];
    const metrics = values.map((value, step) => ({ step, value }));
    const points = values.map((value, step) => ({ name: "points", step, value }));
    expect(await send({ job_id: id, metrics, points })).toMatchObject({
      status: 200,
      body: { count: 2 * values.length },
    });
    const rows = await wide(id);
    expect(rows.map((row) => row.value)).toEqual(values);
    expect(rows.map((row) => row.points)).toEqual(values);
    const after = await read(`/api/learning/jobs/${id}/metrics?limit=1000`);
    expect(after.points).toHaveLength(2 * values.length);
    const { series } = await read(`/api/training/local/${id}/metrics?buckets=1000`);
    const [first] = series as [{ buckets: Record<string, unknown>[] }];
    expect(first.buckets.map(({ last }) => last)).toEqual(values);
    const all = await read(`/api/training/local/${id}/metrics?buckets=1`);
    expect(all.series).toMatchObject([
      { buckets: [{ min: "-Infinity", max: "Infinity", nan_count: 1, count: values.length }] },
      {},
    ]);
  });

  it("averages all finite values, however large", async () => {
    const id = await act.attach();
    const huge = Array.from({ length: 40 }, (_, step) => ({ step, huge: 1.7e308, large: 1e300 }));
    expect((await send({ job_id: id, metrics: huge })).status).toBe(200);
    expect((await send({ job_id: id, metrics: huge })).status).toBe(200);
    for (const buckets of [1, 2, 40]) {
      const { series } = await read(`/api/training/local/${id}/metrics?buckets=${buckets}`);
      for (const { name, buckets: list } of series as { name: string; buckets: [object] }[]) {
        const value = name === "huge" ? 1.7e308 : 1e300;
        expect(list[0]).toMatchObject({ min: value, max: value, first: value });
      }
    }
    await read(`/api/training/${id}`);
    expect((await read("/api/training/jobs")).jobs).not.toHaveLength(0);
  });

  it("skips null, and accepts an empty batch", async () => {
    const id = await act.attach();
    for (const json of [{ metrics: [{ step: 1, loss: null }] }, { metrics: [] }, { points: [] }]) {
      expect(await send({ job_id: id, ...json })).toMatchObject({
        status: 200,
        body: { success: true, count: 0, last_seq: 1 },
      });
    }
    expect(await wide(id)).toEqual([]);
  });

  it("keeps steps from 0 to 2^53 − 1, repeated and out of order", async () => {
    const id = await act.attach();
    const steps = [far, 0, 5, 5, 2 ** 40, 3];
    const points = steps.map((step, i) => ({ name: "x", step, value: i }));
    expect((await send({ job_id: id, points })).status).toBe(200);
    const rows = await wide(id);
    expect(rows.map(({ step, x }) => [step, x])).toEqual([
      [0, 1],
      [3, 5],
      [5, 2],
      [5, 3],
      [2 ** 40, 4],
      [far, 0],
    ]);
    for (const buckets of [1, 3, 5000]) {
      const { series } = await read(
        `/api/training/local/${id}/metrics?buckets=${buckets}&from=0&to=${far}`,
      );
      const [{ buckets: list }] = series as [{ buckets: { count: number }[] }];
      expect(list.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(6);
    }
    expect(await read(`/api/training/${id}`)).toMatchObject({ current_step: far });
  });

  it("rejects invalid steps, epochs and values", async () => {
    const id = await act.attach();
    const steps = [-1, 0.5, 2 ** 53, 1e300, "1", null, true, "NaN"];
    for (const step of steps) {
      expectRefusal(await send({ job_id: id, metrics: [{ step, loss: 1 }] }), 400);
      expectRefusal(await send({ job_id: id, points: [{ name: "x", step, value: 1 }] }), 400);
    }
    for (const value of ["1", "nan", "inf", true, [], {}, ""]) {
      // Other fields of a wide row may hold anything; only numbers are points.
      expect(await send({ job_id: id, metrics: [{ step: 1, loss: value }] })).toMatchObject({
        status: 200,
        body: { count: 0, skipped: 1 },
      });
      expectRefusal(await send({ job_id: id, points: [{ name: "x", step: 1, value }] }), 400);
    }
    for (const epoch of [-1, "1", "NaN"]) {
      expectRefusal(await send({ job_id: id, metrics: [{ step: 1, epoch, loss: 1 }] }), 400);
    }
    for (const number of ["NaN", "Infinity", "-Infinity", "1e999", "0x1", ".5"]) {
      const body = `{"job_id":"${id}","metrics":[{"step":1,"loss":${number}}]}`;
      const reply = await api.call("POST", "/api/training/local/metrics", { key, body });
      expectRefusal(reply, 400);
    }
    expect(await wide(id)).toEqual([]);
  });

  it("rejects numbers that would not round-trip, anywhere", async () => {
    const id = await act.attach();
    const body = `{"job_id":"${id}","config":{"rate":[1e999]}}`;
    expectRefusal(await api.call("POST", "/api/training/local/jobs", { key, body }), 400);
  });

  it("stores a batch whole or not at all", async () => {
    const id = await act.attach();
    const metrics = [
      { step: 1, loss: 1 },
      { step: -1, loss: 1 },
    ];
    expectRefusal(await send({ job_id: id, metrics }), 400);
    expect(await wide(id)).toEqual([]);
    const lines = { lines: [{ text: "one" }, { text: 2 }] };
    expectRefusal(
      await api.call("POST", `/api/training/local/${id}/logs`, { key, json: lines }),
      400,
    );
    expect(await read(`/api/training/local/${id}/logs`)).toMatchObject({ total_lines: 0 });
  });

  it("accepts 10,000 points, 5,000 lines, 1,000 events per batch, and no more", async () => {
    const id = await act.attach();
    const local = `/api/training/local/${id}`;
    const points = Array.from({ length: 10_001 }, (_, step) => ({ name: "x", step, value: 1 }));
    const lines = Array.from({ length: 5_001 }, (_, i) => `${i}`);
    const events = Array.from({ length: 1_001 }, () => ({ type: "t" }));
    const post = (part: string, json: unknown) =>
      api.call("POST", `${local}/${part}`, { key, json });
    expectRefusal(await send({ job_id: id, points }), 413);
    const row = Object.fromEntries(points.map(({ step }) => [`s${step}`, 1]));
    expectRefusal(await send({ job_id: id, metrics: [{ step: 1, ...row }] }), 413);
    expectRefusal(
      await send({ job_id: id, metrics: [{ step: 1, y: 1 }], points: points.slice(1) }),
      413,
    );
    for (const refused of [
      await post("logs", { logs: lines }),
      await post("logs", { lines: lines.map((text) => ({ text })) }),
      await post("logs", { logs: lines.slice(2), lines: [{ text: "a" }, { text: "b" }] }),
      await post("events", { events }),
    ]) {
      expectRefusal(refused, 413);
    }
    expect(await read(`/api/training/${id}`)).toMatchObject({ last_seq: 1 });
    expect(await send({ job_id: id, points: points.slice(1) })).toMatchObject({ status: 200 });
    expect(await post("logs", { logs: lines.slice(1) })).toMatchObject({ body: { count: 5000 } });
    expect(await post("events", { events: events.slice(1) })).toMatchObject({ status: 200 });
    expect(await read(`/api/training/${id}`)).toMatchObject({ last_seq: 1003 });
  });

  it("accepts 10,000 series per job, and no more", async () => {
    const id = await act.attach();
    const names = Array.from({ length: 10_000 }, (_, i) => [`s${i}`, i] as const);
    const all = { step: 1, ...Object.fromEntries(names) };
    expect((await send({ job_id: id, metrics: [all] })).status).toBe(200);
    const further = { job_id: id, batch_id: "b", metrics: [{ step: 2, s1: 1, further: 1 }] };
    for (let i = 0; i < 2; i += 1) expectRefusal(await send(further), 422);
    expect((await send({ job_id: id, metrics: [{ step: 2, s1: 5 }] })).status).toBe(200);
    expect(await read(`/api/training/${id}`)).toMatchObject({ latest: { s1: 5 } });
  });

  it("reads times in every form, and keeps them to the millisecond", async () => {
    const id = await act.attach();
    const moment = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    const times = [
      moment,
      moment / 1000,
      "2026-01-02T03:04:05.678Z",
      "2026-01-02T03:04:05.678",
      "2026-01-02T03:04:05.678901234Z",
      "2026-01-02T05:04:05.678+02:00",
      "2026-01-01T22:34:05.678-04:30",
    ];
    const metrics = times.map((timestamp, step) => ({ step, timestamp, loss: 1 }));
    expect((await send({ job_id: id, metrics })).status).toBe(200);
    const iso = new Date(moment).toISOString();
    expect((await wide(id)).map(({ timestamp }) => timestamp)).toEqual(times.map(() => iso));
    const json = { lines: times.map((ts) => ({ text: "t", ts })) };
    await api.call("POST", `/api/training/local/${id}/logs`, { key, json });
    const { logs } = await read(`/api/training/local/${id}/logs`);
    expect((logs as { ts: string }[]).map(({ ts }) => ts)).toEqual(times.map(() => iso));
  });

  it("keeps the earliest and latest valid times, and rejects others", async () => {
    const id = await act.attach();
    const times = [0, 8_640_000_000_000_000, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"];
    for (const timestamp of times) {
      const reply = await send({ job_id: id, metrics: [{ step: 1, timestamp, loss: 1 }] });
      expect(reply.status, `${timestamp}: ${reply.text}`).toBe(200);
      const json = { lines: [{ text: "t", ts: timestamp }] };
      const path = `/api/training/local/${id}/logs`;
      expect((await api.call("POST", path, { key, json })).status).toBe(200);
    }
    expect((await wide(id)).map(({ timestamp }) => timestamp)).toEqual(
      expect.arrayContaining(["+275760-09-13T00:00:00.000Z", "1970-01-01T00:00:00.000Z"]),
    );
    await read(`/api/learning/jobs/${id}/metrics`);
    await read(`/api/training/local/${id}/logs`);
    const odd = [
      -1,
      8.7e15,
      "yesterday",
      "",
      "2026-02-30T00:00:00Z",
      "2026-01-02",
      "2026-01-02T25:00:00Z",
      "2026-01-02T00:00:00+99:99",
      "0000-00-00T00:00:00Z",
      true,
    ];
    for (const timestamp of odd) {
      const reply = await send({ job_id: id, metrics: [{ step: 1, timestamp, loss: 1 }] });
      expect(reply.status, `${timestamp}: ${reply.text}`).toBe(400);
    }
  });

  it("accepts the numbers of a report at their limits", async () => {
    const id = await act.attach();
    const path = `/api/training/local/${id}/status`;
    const post = (json: unknown) => api.call("POST", path, { key, json });
    const report = { progress: 0.25, step: far, epoch: 1.5, total_steps: far, total_epochs: 1e300 };
    expect((await post(report)).status).toBe(200);
    expect(await read(`/api/training/${id}`)).toMatchObject({
      progress: 0.25,
      current_step: far,
      current_epoch: 1.5,
      total_steps: far,
      total_epochs: 1e300,
    });
    for (const exit_code of [0, -15, 137, 3_221_225_477, far, -far]) {
      expect((await post({ exited: true, exit_code })).status).toBe(200);
    }
    const odd = [
      { progress: 2 },
      { progress: -0.1 },
      { step: -1 },
      { epoch: "1" },
      { exit_code: 0.5 },
    ];
    for (const json of odd) expectRefusal(await post(json), 400);
  });

  it("counts step and epoch of a heartbeat as progress", async () => {
    const id = await act.attach();
    const json = { step: 7, epoch: 0.5, progress: 0.125, phase: "warm-up" };
    await api.call("POST", `/api/training/local/${id}/heartbeat`, { key, json });
    expect(await read(`/api/training/${id}`)).toMatchObject({
      current_step: 7,
      current_epoch: 0.5,
      progress: 0.125,
      phase: "warm-up",
    });
  });
});
