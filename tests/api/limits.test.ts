import {
  type LimitName,
  limitDetailsSchema,
  limitNames,
  usageSchema,
} from "@signalbox/protocol/service/usage";
import { errorReplySchema } from "@signalbox/protocol/wire/error";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { z } from "zod";
import type { TestUser } from "../../supabase/local/testing.ts";
import { type CallOptions, expectRefusal, type Reply, startApi, type TestApi } from "./kit.ts";

const maxima = {
  requests: 200,
  streams: 2,
  polls: 1,
  queued_trainers: 2,
  runs: 4,
  samples: 3,
  api_keys: 2,
  points: 10,
  point_bytes: 1_000_000,
  log_lines: 3,
  log_bytes: 1_000_000,
  predictions: 8,
  events: 40,
  event_bytes: 2_000_000,
  prediction_bytes: 1_000_000,
} satisfies Record<Exclude<LimitName, "trainers">, number>;

let api: TestApi;
let users = 0;

beforeAll(async () => {
  for (const [name, maximum] of Object.entries(maxima)) {
    vi.stubEnv(`SIGNALBOX_LIMIT_${name.toUpperCase()}`, String(maximum));
  }
  api = await startApi();
});
afterAll(async () => {
  await api.close();
  vi.unstubAllEnvs();
});

/** A new user, whose limits no other test has touched. */
async function newUser() {
  users += 1;
  const user = await api.signUp(`limited-${users}`);
  const call = (method: string, path: string, options: CallOptions = {}) =>
    api.call(method, path, { bearer: user.accessToken, ...options });
  return { user, call };
}

async function usageOf(user: TestUser): Promise<Record<string, number>> {
  const reply = await api.call("GET", "/api/usage", { bearer: user.accessToken });
  return Object.fromEntries(reply.as(usageSchema).limits.map(({ limit, used }) => [limit, used]));
}

function expectLimit(reply: Reply, limit: keyof typeof maxima, used: number) {
  expectRefusal(
    reply,
    limit === "requests" || limit === "streams" || limit === "polls" ? 429 : 409,
  );
  const { error } = errorReplySchema.parse(reply.body);
  const details = limitDetailsSchema.strict().parse(error.details);
  expect(details).toMatchObject({
    limit,
    used,
    maximum: maxima[limit],
    setting: `SIGNALBOX_LIMIT_${limit.toUpperCase()}`,
  });
  expect(error.message).toContain(maxima[limit].toLocaleString("en-US"));
  expect(error.message).toContain(details.what_to_do);
  if (reply.status === 429) expect(Number(reply.headers.get("retry-after"))).toBeGreaterThan(0);
}

const metrics = (id: string, steps: number, batch?: string) => ({
  json: {
    job_id: id,
    ...(batch && { batch_id: batch }),
    metrics: Array.from({ length: steps }, (_, step) => ({ step, loss: 1 })),
  },
});

it("says what counts now, of every limit", async () => {
  const { user, call } = await newUser();
  const { id } = await api.attach(user, "run");
  await call("POST", "/api/training/local/metrics", metrics(id, 3));
  await call("POST", `/api/training/local/${id}/logs`, { json: { logs: ["one", "two"] } });
  await call("POST", "/api/training/local/predictions", {
    json: {
      job_id: id,
      predictions: [0, 1].map((sample_index) => ({
        epoch: 1,
        step: 1,
        sample_index,
        prompt: `p${sample_index}`,
        prediction: "q",
      })),
    },
  });
  const usage = await usageOf(user);
  expect(Object.keys(usage).sort()).toEqual([...limitNames].sort());
  expect(usage).toMatchObject({ points: 3, log_lines: 2, predictions: 2, samples: 2, runs: 1 });
  expect(usage).toMatchObject({ streams: 0, polls: 0, api_keys: 0, queued_trainers: 0 });
  expect(usage.requests).toBeGreaterThan(0);
  for (const bytes of ["point_bytes", "log_bytes", "prediction_bytes", "event_bytes"]) {
    expect(usage[bytes], bytes).toBeGreaterThan(10);
  }
});

it("stores points up to the limit, answers a repeated batch there, and goes on once a run is deleted", async () => {
  const { user, call } = await newUser();
  const first = await api.attach(user, "first", { status: "succeeded" });
  const second = await api.attach(user, "second");
  const send = (id: string, steps: number, batch?: string, token?: string) =>
    call("POST", "/api/training/local/metrics", {
      ...metrics(id, steps, batch),
      ...(token && { bearer: token }),
    });
  expect((await send(first.id, 6, "a")).status).toBe(200);
  const stored = await send(second.id, 4, "b", second.token);
  expect(stored.status).toBe(200);
  expectLimit(await send(second.id, 1, "c", second.token), "points", 10);
  expectLimit(await send(second.id, 1), "points", 10);
  const again = await send(second.id, 4, "b", second.token);
  expect(again.body).toEqual(stored.body);
  expect((await send(second.id, 3, "b")).text).toContain("batch_id");

  expect((await call("DELETE", `/api/training/${first.id}`)).status).toBe(200);
  expect((await send(second.id, 6, "c", second.token)).status).toBe(200);
  expect(await usageOf(user)).toMatchObject({ points: 10, runs: 1 });
});

it("refuses nobody for what another user stores", async () => {
  const [full, other] = [await newUser(), await newUser()];
  for (const { user, call } of [full, other]) {
    await api.attach(user, "run");
    const reply = await call("POST", "/api/training/local/metrics", metrics("run", 10));
    expect(reply.status).toBe(200);
  }
  expectLimit(
    await full.call("POST", "/api/training/local/metrics", metrics("run", 1)),
    "points",
    10,
  );
});

it("limits log lines, predictions, samples and events", async () => {
  const { user, call } = await newUser();
  const { id } = await api.attach(user, "run");
  const predict = (epoch: number, samples: number[]) =>
    call("POST", "/api/training/local/predictions", {
      json: {
        job_id: id,
        predictions: samples.map((n) => ({
          epoch,
          step: epoch,
          sample_index: n,
          prompt_id: `s${n}`,
          prompt: `p${n}`,
          prediction: "q",
        })),
      },
    });
  const logs = (n: number) =>
    call("POST", `/api/training/local/${id}/logs`, { json: { logs: Array(n).fill("line") } });
  expect((await logs(3)).status).toBe(200);
  expectLimit(await logs(1), "log_lines", 3);

  expect((await predict(1, [0, 1, 2])).status).toBe(200);
  const before = await call("GET", `/api/training/${id}`);
  expectLimit(await predict(2, [1, 2, 3]), "samples", 3);
  expect((await call("GET", `/api/training/${id}`)).body).toMatchObject({
    last_seq: (before.body as { last_seq: number }).last_seq,
  });
  expect((await predict(2, [0, 1, 2])).status).toBe(200);
  expectLimit(await predict(3, [0, 1, 2]), "predictions", 6);

  const events = (n: number) =>
    call("POST", `/api/training/local/${id}/events`, {
      json: { events: Array(n).fill({ type: "note" }) },
    });
  const { events: used = 0 } = await usageOf(user);
  expect((await events(maxima.events - used)).status).toBe(200);
  expectLimit(await events(1), "events", maxima.events);
});

it("limits runs, but goes on updating those that exist", async () => {
  const { user, call } = await newUser();
  for (const id of ["a", "b", "c", "d"]) await api.attach(user, id);
  const attach = (id: string) =>
    call("POST", "/api/training/local/jobs", { json: { job_id: id, name: "again" } });
  expectLimit(await attach("e"), "runs", 4);
  expect((await attach("a")).status).toBe(200);
  expectLimit(await call("POST", "/api/training/jobs", { json: { kind: "sft" } }), "runs", 4);
});

it("limits queued trainers, but answers a repeated start", async () => {
  const { call } = await newUser();
  const start = (key: string) =>
    call("POST", "/api/training/jobs", {
      json: { kind: "sft" },
      headers: { "idempotency-key": key },
    });
  const replies = [await start("one"), await start("two")];
  expect(replies.map(({ status }) => status)).toEqual([201, 201]);
  expectLimit(await start("three"), "queued_trainers", 2);
  expect((await start("two")).status).toBe(200);
  const { id } = z.object({ id: z.string() }).parse(replies[0]?.body);
  const stop = { json: { action: "stop" } };
  expect((await call("POST", `/api/training/local/${id}/control`, stop)).status).toBe(202);
  expect((await start("three")).status).toBe(201);
});

it("limits valid API keys", async () => {
  const { user, call } = await newUser();
  const create = () =>
    call("POST", "/api/settings/api-keys", { json: { name: "key", scopes: ["read"] } });
  await create();
  const second = await create();
  expectLimit(await create(), "api_keys", 2);
  const { id } = (second.body as { key: { id: string } }).key;
  expect((await call("DELETE", `/api/settings/api-keys/${id}`)).status).toBe(200);
  expect((await create()).status).toBe(201);
  expect((await usageOf(user)).api_keys).toBe(2);
});

it("limits open streams of all kinds, and has room again when one is closed", async () => {
  const { user, call } = await newUser();
  await api.attach(user, "run");
  const paths = [
    "/api/training/jobs/run/stream",
    "/api/training/jobs/stream",
    "/api/training/stream?runs=run",
  ];
  const open = (path: string) => api.send("GET", path, { bearer: user.accessToken });
  const streams = [await open(paths[0] ?? ""), await open(paths[1] ?? "")];
  expect((await usageOf(user)).streams).toBe(2);
  for (const path of paths) expectLimit(await call("GET", path), "streams", 2);
  await streams[0]?.body?.cancel();
  const next = await open(paths[2] ?? "");
  expect(next.status).toBe(200);
  expectRefusal(await call("GET", "/api/training/jobs/none/stream"), 429);
  await Promise.all([next.body?.cancel(), streams[1]?.body?.cancel()]);
  expectRefusal(await call("GET", "/api/training/jobs/none/stream"), 404);
  expect((await usageOf(user)).streams).toBe(0);
});

it("limits trainers that wait for a command", async () => {
  const { user } = await newUser();
  const { id, token } = await api.attach(user, "run");
  const path = `/api/training/local/${id}/commands/next`;
  const abort = new AbortController();
  const waiting = api.call("GET", `${path}?wait=20`, { bearer: token, signal: abort.signal });
  await expect.poll(async () => (await usageOf(user)).polls).toBe(1);
  expectLimit(await api.call("GET", `${path}?wait=20`, { bearer: token }), "polls", 1);
  expect((await api.call("GET", path, { bearer: token })).status).toBe(200);
  abort.abort();
  await waiting;
  expect((await usageOf(user)).polls).toBe(0);
});

it("limits requests a minute, of a user's sessions, keys and tokens together", async () => {
  const { user, call } = await newUser();
  const { id, token } = await api.attach(user, "run");
  const heartbeat = () =>
    api.call("POST", `/api/training/local/${id}/heartbeat`, { bearer: token, json: {} });
  // Some come back while these are sent.
  const untilRefused = async (send: () => Promise<Reply>) => {
    for (let sent = 0; sent < maxima.requests * 5; sent++) {
      const reply = await send();
      if (reply.status !== 200) return reply;
    }
    throw new Error("never refused");
  };
  expectLimit(await untilRefused(heartbeat), "requests", maxima.requests);
  const list = () => call("GET", "/api/training/jobs");
  expectLimit(await untilRefused(list), "requests", maxima.requests);
  const other = await newUser();
  expect((await other.call("GET", "/api/training/jobs")).status).toBe(200);
});
