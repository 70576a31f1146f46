import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines } from "../../supabase/local/testing.ts";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import { type CallOptions, expectRefusal, type TestApi } from "./kit.ts";

const kinds = ["metrics", "logs", "events", "status", "predictions"] as const;
type Kind = (typeof kinds)[number];

describe.each(engines)("a repeated request, on %s", (engine) => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner({ engine }));
  });
  afterAll(() => api.close());

  function batch(kind: Kind, id: string, mark: number): { path: string; json: object } {
    const local = `/api/training/local/${id}`;
    const answer = { epoch: mark, step: 1, sample_index: 0, prompt: "p", prediction: "q" };
    switch (kind) {
      case "metrics":
        return {
          path: "/api/training/local/metrics",
          json: { job_id: id, metrics: [{ step: mark, loss: mark }] },
        };
      case "predictions":
        return {
          path: "/api/training/local/predictions",
          json: { job_id: id, predictions: [answer] },
        };
      case "logs":
        return { path: `${local}/logs`, json: { logs: [`line ${mark}`] } };
      case "events":
        return { path: `${local}/events`, json: { events: [{ type: `event ${mark}` }] } };
      case "status":
        return { path: `${local}/status`, json: { phase: `phase ${mark}` } };
    }
  }

  const send = ({ path, json }: { path: string; json: object }, options: CallOptions = {}) =>
    api.call("POST", path, { key, json, ...options });
  const named = (id: string) => ({ headers: { "idempotency-key": id } });

  async function rowsOf(id: string): Promise<number> {
    const [row] = await api.supabase.sql<{ count: number; last_seq: number }>(
      `select (select count(*)::int from job_stream s where s.job_key = j.key) as count,
        last_seq::int as last_seq from jobs j where id = $1`,
      [id],
    );
    expect(row?.count).toBe(row?.last_seq);
    return row?.count ?? 0;
  }

  it.each(kinds)("stores a batch of %s once, by header and by body alike", async (kind) => {
    const id = await act.attach();
    const first = batch(kind, id, 1);
    const reply = await send(first, named("b1"));
    expect(reply.status, reply.text).toBe(200);
    const rows = await rowsOf(id);
    await send(batch(kind, id, 2), named("b2"));
    const again = await send(first, named("b1"));
    expect([again.status, again.body]).toEqual([200, reply.body]);
    expect(await rowsOf(id)).toBe(rows + 1);

    const inBody = { ...first, json: { ...first.json, batch_id: "b3" } };
    const third = await send(inBody);
    expect((await send(inBody)).body).toEqual(third.body);
    expect(await rowsOf(id)).toBe(rows + 2);
  });

  it.each(kinds)("rejects another batch of %s under a known id", async (kind) => {
    const id = await act.attach();
    await send(batch(kind, id, 1), named("b"));
    const rows = await rowsOf(id);
    expectRefusal(await send(batch(kind, id, 2), named("b")), 409);
    const other = batch(kind === "logs" ? "events" : "logs", id, 1);
    expectRefusal(await send(other, named("b")), 409);
    expect(await rowsOf(id)).toBe(rows);
    // Another job may use the same id.
    expect((await send(batch(kind, await act.attach(), 2), named("b"))).status).toBe(200);
  });

  it.each(kinds)("stores a batch of %s once when it arrives twenty times at once", async (kind) => {
    const id = await act.attach();
    const before = await rowsOf(id);
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => send(batch(kind, id, 1), named("b"))),
    );
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(replies[0]?.status).toBe(200);
    expect(await rowsOf(id)).toBe(before + 1);
  });

  it("stores every batch without an id", async () => {
    const id = await act.attach();
    for (let i = 0; i < 3; i += 1) await send(batch("logs", id, 1));
    expect(await rowsOf(id)).toBe(4);
  });

  it("accepts a rejected batch when it is sent again, corrected or not", async () => {
    const id = await act.attach();
    const path = `/api/training/local/${id}/status`;
    const stop = { path, json: { status: "succeeded" } };
    const rerun = { path, json: { status: "paused" } };
    await send(stop);
    expectRefusal(await send(rerun, named("b")), 409);
    expectRefusal(await send(rerun, named("b")), 409);
    expect((await send({ path, json: { phase: "after" } }, named("b"))).status).toBe(200);
  });

  it("starts one job for one Idempotency-Key, also for ten requests at once", async () => {
    const path = "/api/training/jobs";
    const json = { kind: "sft", name: "once", config: { epochs: 2 } };
    const headers = { "idempotency-key": `start-${engine}` };
    api.backend.requests.length = 0;
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => api.call("POST", path, { key, json, headers })),
    );
    const ids = new Set(replies.map(({ body }) => (body as { id: string }).id));
    expect(replies.map(({ status }) => status).sort()).toEqual([...Array(9).fill(200), 201]);
    expect(ids.size).toBe(1);
    const started = api.backend.to("POST", "/v1/jobs");
    const [id] = ids;
    // Every dispatch has the same idempotency key: the backend starts the job once.
    expect(new Set(started.map(({ headers: sent }) => sent["idempotency-key"]))).toEqual(
      new Set([id]),
    );
    const { body } = await api.call("GET", `${path}?q=once`, { key });
    expect(body).toMatchObject({ total: 1, jobs: [{ id, status: "queued" }] });

    const later = await api.call("POST", path, { key, json, headers });
    expect([later.status, (later.body as { id: string }).id]).toEqual([200, id]);
    const other = { ...json, config: { epochs: 3 } };
    expectRefusal(await api.call("POST", path, { key, json: other, headers }), 409);
    const b = await api.makeKey(await api.signUp("b"));
    const ofB = await api.call("POST", path, { key: b, json: other, headers });
    expect(ofB.status).toBe(201);
  });

  it("answers a command_id with its command, and rejects it for another command", async () => {
    const id = await act.attach();
    const path = `/api/training/local/${id}/control`;
    const pause = { path, json: { action: "pause", command_id: "c1" } };
    const replies = await Promise.all(Array.from({ length: 10 }, () => send(pause)));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(replies[0]).toMatchObject({ status: 202, body: { command: { id: "c1" } } });
    const rows = await rowsOf(id);
    // The state has changed, but the request is still the same.
    await send({ path: `/api/training/local/${id}/commands/c1/ack`, json: { status: "applied" } });
    const again = await send(pause);
    expect(again).toMatchObject({ status: 202, body: { command: { status: "applied" } } });
    expect(await rowsOf(id)).toBe(rows + 2);
    for (const json of [
      { action: "pause", mode: "release", command_id: "c1" },
      { action: "stop", command_id: "c1" },
      { action: "checkpoint", command_id: "c1" },
    ]) {
      expectRefusal(await send({ path, json }), 409);
    }
    expect(await rowsOf(id)).toBe(rows + 2);
  });
});
