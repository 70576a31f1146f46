import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import { expectRefusal, type TestApi } from "./kit.ts";

type Row = Record<string, unknown>;

describe("metrics, as other trainers and clients send and read them,", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
  }, 60_000);
  afterAll(() => api.close());

  const post = (json: object, headers = {}) =>
    api.call("POST", "/api/training/local/metrics", { key, json, headers });
  const put = (id: string, json: object, as: { key?: string; bearer?: string } = { key }) =>
    api.call("PUT", `/api/training/local/${id}/metrics`, { ...as, json });
  const read = async (path: string) => {
    const reply = await api.call("GET", path, { key });
    expect(reply.status, reply.text).toBe(200);
    return reply.body as { metrics: Row[]; points: Row[]; next_seq: number } & Row;
  };
  const history = (id: string, query = "") => read(`/api/training/local/${id}/metrics${query}`);
  const points = (id: string, query = "") => read(`/api/learning/jobs/${id}/metrics${query}`);

  const trainerRow = {
    step: 10,
    epoch: 0,
    train_loss: 1.5,
    eval_loss: null,
    learning_rate: 0.0002,
    loss_trend: "improving",
    best_step: 10,
    timestamp: "2026-11-21T10:00:00.123456Z",
  };

  it("are stored without what is no number, which is counted", async () => {
    const id = await act.attach();
    const reply = await post({ job_id: id, metrics: [trainerRow] });
    expect(reply).toMatchObject({ status: 200, body: { success: true, count: 3, skipped: 2 } });
    const odd = { step: 11, a: true, b: [1], c: { d: 1 }, e: "0.5", f: "NaN", g: "-Infinity" };
    expect((await post({ job_id: id, metrics: [odd] })).body).toMatchObject({
      count: 2,
      skipped: 4,
    });
    expect((await history(id)).metrics).toEqual([
      {
        step: 10,
        epoch: 0,
        train_loss: 1.5,
        learning_rate: 0.0002,
        best_step: 10,
        timestamp: "2026-11-21T10:00:00.123Z",
      },
      { step: 11, epoch: null, f: "NaN", g: "-Infinity", timestamp: expect.any(String) },
    ]);
  });

  it("may be texts alone", async () => {
    const id = await act.attach();
    const reply = await post({ job_id: id, metrics: [{ step: 1, loss_trend: "improving" }] });
    expect(reply).toMatchObject({ status: 200, body: { success: true, count: 0, skipped: 1 } });
    const single = await post({ job_id: id, points: [{ name: "a", step: 1, value: 2 }] });
    expect(single.body).toMatchObject({ count: 1, skipped: 0 });
  });

  it("say the same about a batch that is repeated", async () => {
    const id = await act.attach();
    const send = () => post({ job_id: id, metrics: [trainerRow] }, { "idempotency-key": "one" });
    const first = await send();
    expect(first.body).toMatchObject({ count: 3, skipped: 2 });
    expect((await send()).body).toEqual(first.body);
    expect((await history(id)).metrics).toHaveLength(1);
  });

  it("are refused whole for a step that is wrong", async () => {
    const id = await act.attach();
    for (const step of [-1, 1.5, "2", null, undefined]) {
      const metrics = [
        { step: 1, loss: 1 },
        { step, loss: 2, trend: "flat" },
      ];
      expectRefusal(await post({ job_id: id, metrics }), 400);
    }
    const body = `{"job_id":"${id}","metrics":[{"step":1,"loss":1e999}]}`;
    expectRefusal(await api.call("POST", "/api/training/local/metrics", { key, body }), 400);
    expect((await history(id)).metrics).toEqual([]);
  });

  it("may be put one row at a time, with the job's token", async () => {
    const { id, token } = await act.attached();
    const row = { step: 5, epoch: 0.5, train_loss: 2.5, gpu_utilization_percent: 97.5 };
    const reply = await put(id, row, { bearer: token });
    expect(reply).toMatchObject({ status: 200, body: { success: true, count: 2, skipped: 0 } });
    await put(id, { metrics: [{ step: 6, train_loss: 2.25, note: "x" }] });
    await put(id, { points: [{ name: "train_loss", step: 7, value: 2 }] });
    expect((await history(id)).metrics).toMatchObject([row, { step: 6 }, { train_loss: 2 }]);
    expectRefusal(await put(id, {}), 400);
    expectRefusal(await put(id, { train_loss: 1 }), 400);
    const other = await act.attached();
    expectRefusal(await put(other.id, row, { bearer: token }), 404);
  });

  it("are read back whole, one row a step", async () => {
    const id = await act.attach();
    await post({ job_id: id, metrics: [{ step: 2, epoch: 1, train_loss: 2 }] });
    await post({ job_id: id, metrics: [{ step: 1, epoch: 1, train_loss: 3 }] });
    await post({ job_id: id, metrics: [{ step: 2, epoch: 1, eval_loss: 4 }] });
    await post({ job_id: id, metrics: [{ step: 2, epoch: 1, train_loss: 1.5 }] });
    const { metrics, truncated, next_seq } = await history(id);
    expect(metrics).toMatchObject([
      { step: 1, train_loss: 3 },
      { step: 2, train_loss: 2, eval_loss: 4 },
      { step: 2, train_loss: 1.5 },
    ]);
    expect(truncated).toBeUndefined();
    expect((await history(id, `?after_seq=${next_seq}`)).metrics).toEqual([]);
    const paged = await history(id, "?limit=1");
    expect(paged.metrics).toMatchObject([{ step: 2, train_loss: 2 }]);
  });

  it("are read back up to a cap, which is said, and go on after it", async () => {
    const id = await act.attach();
    const batch = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ step: from + i, loss: 1 }));
    for (let from = 0; from < 50_000; from += 10_000) {
      expect((await post({ job_id: id, metrics: batch(from, 10_000) })).status).toBe(200);
    }
    const whole = await history(id);
    expect(whole.metrics).toHaveLength(50_000);
    expect(whole.truncated).toBeUndefined();
    await post({ job_id: id, metrics: batch(50_000, 3) });
    const cut = await history(id);
    expect(cut).toMatchObject({ truncated: true, next_seq: whole.next_seq, total: 50_003 });
    expect(cut.metrics).toHaveLength(50_000);
    const rest = await history(id, `?after_seq=${cut.next_seq}`);
    expect(rest.metrics.map(({ step }) => step)).toEqual([50_000, 50_001, 50_002]);
  }, 60_000);

  it("bring a client that polls without a cursor to the last step of a growing run", async () => {
    const id = await act.attach();
    const seen = new Map<unknown, number>();
    const steps: unknown[] = [];
    const poll = async () => {
      for (const { name, step } of (await points(id, "?limit=200")).points) {
        if (Number(step) <= (seen.get(name) ?? -1)) continue;
        seen.set(name, Number(step));
        if (name === "train/loss") steps.push(step);
      }
    };
    for (let from = 1; from <= 299; from += 50) {
      const metrics = Array.from({ length: Math.min(50, 300 - from) }, (_, i) => ({
        step: from + i,
        "train/loss": 1,
        "train/learning_rate": 0.1,
        "system/gpu": 50,
      }));
      await post({ job_id: id, metrics });
      await post({ job_id: id, points: [{ name: "eval/loss", step: from, value: 1 }] });
      await poll();
    }
    expect(steps).toEqual(Array.from({ length: 299 }, (_, i) => i + 1));
    expect(seen.get("eval/loss")).toBe(251);
  });

  it("are the newest by arrival without a cursor, ascending by step", async () => {
    const id = await act.attach();
    // A series that counts other steps does not hide those that arrive later.
    const clock = Array.from({ length: 10 }, (_, i) => ({ step: 1000 + i, "system/gpu": i }));
    await post({ job_id: id, metrics: clock });
    await post({ job_id: id, metrics: [3, 1, 2].map((step) => ({ step, loss: step })) });
    const latest = await points(id, "?limit=5");
    expect(latest.points.map(({ name, step }) => [name, step])).toEqual([
      ["loss", 1],
      ["loss", 2],
      ["loss", 3],
      ["system/gpu", 1008],
      ["system/gpu", 1009],
    ]);
    expect(latest.total).toBe(13);
    expect((await points(id, `?after_seq=${latest.next_seq}`)).points).toEqual([]);
    await post({ job_id: id, metrics: [{ step: 4, epoch: 2, loss: "NaN" }] });
    const late = await points(id, `?after_seq=${latest.next_seq}`);
    expect(late.points).toMatchObject([{ step: 4, epoch: 2, value: "NaN", phase: null }]);
  });

  it("of one series are found by its name, with a dot or a slash", async () => {
    const id = await act.attach();
    for (let step = 0; step < 30; step += 1) {
      await post({ job_id: id, metrics: [{ step, "train/loss": step, a: 1, b: 2, c: 3 }] });
    }
    await post({ job_id: id, metrics: [{ step: 30, "eval.loss": 1, "eval/loss": 2 }] });
    const steps = async (query: string) =>
      (await points(id, query)).points.map(({ name, step }) => `${name} ${step}`);
    expect(await steps("?name=train.loss&limit=2")).toEqual(["train/loss 28", "train/loss 29"]);
    expect(await steps("?name=train/loss&after_step=5&limit=2")).toEqual([
      "train/loss 6",
      "train/loss 7",
    ]);
    const paged = await points(id, "?name=train.loss&after_seq=0&limit=20");
    expect(paged.points).toHaveLength(20);
    const rest = await points(id, `?name=train.loss&after_seq=${paged.next_seq}&limit=20`);
    expect(rest.points.map(({ step }) => step)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
    // The exact name is preferred, and no series comes twice.
    expect(await steps("?name=eval.loss")).toEqual(["eval.loss 30"]);
    expect(await steps("?name=none.such")).toEqual([]);
    const names = async (query: string) =>
      ((await history(id, `?buckets=5&${query}`)).series as Row[]).map(({ name }) => name);
    expect(await names("names=train.loss,train/loss,eval.loss")).toEqual([
      "eval.loss",
      "train/loss",
    ]);
    expect(await names("names=train_loss")).toEqual([]);
    const rows = (await history(id, "?names=train.loss&from=29")).metrics;
    expect(rows).toEqual([expect.objectContaining({ step: 29, "train/loss": 29 })]);
    expect(rows[0]).not.toHaveProperty("a");
    const compared = await read(`/api/training/metrics?runs=${id}&names=train.loss`);
    expect(compared.runs).toMatchObject([{ series: [{ name: "train/loss" }] }]);
  });

  it("of a run whose batches retention has emptied still have their curve", async () => {
    const id = await act.attach();
    await post({ job_id: id, metrics: [1, 2, 3].map((step) => ({ step, loss: step })) });
    await api.supabase.sql(
      `update job_stream set payload = '{}' where stream = 'metrics'
        and job_key = (select key from jobs where id = $1)`,
      [id],
    );
    expect((await points(id, "?limit=2")).points).toMatchObject([{ step: 2 }, { step: 3 }]);
  });
});

describe("the timeline", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner({ engine: "pglite" }));
  }, 60_000);
  afterAll(() => api.close());

  const post = (path: string, json: object) =>
    api.call("POST", `/api/training/local/${path}`, { key, json });
  const read = async (id: string, query = "") => {
    const reply = await api.call("GET", `/api/learning/jobs/${id}/timeline${query}`, { key });
    expect(reply.status, reply.text).toBe(200);
    const body = reply.body as { events: Row[]; next_seq: number; total: number };
    return { ...body, phases: body.events.map(({ phase }) => phase) };
  };

  it("has state changes and phases, none twice, and no events or commands", async () => {
    const id = await act.attach({ status: "running" });
    await post(`${id}/events`, { events: [{ type: "failed" }, { type: "other" }] });
    await post(`${id}/status`, { phase: "warming up" });
    await act.control(id, "checkpoint");
    await post(`${id}/status`, { status: "succeeded" });
    const { phases, events, total, next_seq } = await read(id);
    expect(phases).toEqual(["running", "warming up", "succeeded"]);
    expect(total).toBe(3);
    expect(next_seq).toBe(events.at(-1)?.seq);
    expect(events.map(({ metadata }) => (metadata as Row).kind)).toEqual([
      "status",
      "phase",
      "status",
    ]);
    expect((await read(id, "?include=events")).phases).toContain("failed");
    expect((await read(id, "?include=events")).phases).not.toContain("checkpoint");
    expect((await read(id, "?include=commands&include=events")).phases).toContain("checkpoint");
    const all = await read(id, "?include=events,commands,reports");
    expect(all.phases.filter((phase) => phase === "succeeded")).toHaveLength(2);
    const wrong = await api.call("GET", `/api/learning/jobs/${id}/timeline?include=logs`, { key });
    expectRefusal(wrong, 400);
  });

  it("has the end of a long run on its first page", async () => {
    const id = await act.attach({ status: "running" });
    for (let i = 0; i < 12; i += 1) await post(`${id}/status`, { phase: `epoch ${i}` });
    await post(`${id}/events`, { events: Array.from({ length: 50 }, () => ({ type: "chat" })) });
    await post(`${id}/status`, { status: "failed", error: "out of memory" });
    const first = await read(id, "?limit=3");
    expect(first.phases).toEqual(["epoch 10", "epoch 11", "failed"]);
    expect(first.total).toBe(14);
    const before = await read(id, `?limit=3&before_seq=${first.events[0]?.seq}`);
    expect(before.phases).toEqual(["epoch 7", "epoch 8", "epoch 9"]);
    const start = await read(id, "?limit=2&since_seq=0");
    expect(start.phases).toEqual(["running", "epoch 0"]);
    const next = await read(id, `?limit=2&since_seq=${start.next_seq}`);
    expect(next.phases).toEqual(["epoch 1", "epoch 2"]);
    const none = await read(id, `?since_seq=${first.next_seq}`);
    expect(none).toMatchObject({ events: [], next_seq: first.next_seq });
  });
});
