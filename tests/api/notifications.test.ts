import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { realtimeClient } from "../../lib/server/realtime/source/notifier.ts";
import type { TestUser } from "../../supabase/local/testing.ts";
import { type AttachedJob, startApi, type TestApi } from "./kit.ts";

interface Heard {
  topic: string;
  event: string;
  payload: Record<string, unknown>;
}

let api: TestApi;
let owner: TestUser;
let job: AttachedJob;
let key = 0;
let client: ReturnType<typeof realtimeClient>;
/** What another web server hears. */
const heard: Heard[] = [];
let runs = 0;

beforeAll(async () => {
  api = await startApi({ engine: "postgres" });
  owner = await api.signUp("owner");
  client = realtimeClient(api.supabase.url, api.supabase.secretKey);
}, 60_000);
afterAll(async () => {
  await client.disconnect();
  await api.close();
});

beforeEach(async () => {
  runs += 1;
  job = await api.attach(owner, `run-${runs}`);
  const [row] = await api.supabase.sql<{ key: number }>("select key from jobs where id = $1", [
    job.id,
  ]);
  key = Number(row?.key);
  await listen(`user:${owner.userId}`);
  await listen(`job:${key}`);
  heard.length = 0;
});

async function listen(topic: string): Promise<void> {
  const channel = client.channel(topic, { config: { private: true } });
  if (channel.state === "joined") return;
  channel.on("broadcast", { event: "*" }, ({ event, payload }) =>
    heard.push({ topic, event, payload }),
  );
  await new Promise<void>((resolve) => {
    channel.subscribe((status) => status === "SUBSCRIBED" && resolve());
  });
}

async function post(step: number): Promise<number> {
  const json = { job_id: job.id, points: [{ name: "loss", step, value: 1 }] };
  const reply = await api.call("POST", "/api/training/local/metrics", { bearer: job.token, json });
  expect(reply.status).toBe(200);
  expect(Object.keys(reply.body as object).sort()).toEqual([
    "count",
    "last_seq",
    "skipped",
    "success",
  ]);
  return (reply.body as { last_seq: number }).last_seq;
}

/** Everything that was sent before has been heard. */
async function settled(): Promise<Heard[]> {
  await api.supabase.sql("select realtime.send('{}', 'end', $1, true)", [`user:${owner.userId}`]);
  await vi.waitFor(() => expect(heard.at(-1)?.event).toBe("end"));
  heard.pop();
  return heard;
}

const notifiedAt = (change: string) =>
  api.supabase.sql(`update jobs set notified_at = ${change} where key = $1`, [key]);

it("sends a burst of rows as one notification to one topic, the owner's", async () => {
  const first = await post(1);
  for (let step = 2; step <= 20; step += 1) {
    // Whatever the machine is busy with, it is still the same second.
    await notifiedAt("clock_timestamp()");
    await post(step);
  }
  expect(await settled()).toEqual([
    {
      topic: `user:${owner.userId}`,
      event: "change",
      payload: { key, id: job.id, last_seq: first },
    },
  ]);
});

it("notifies again once the interval is over, and when the clock was set back", async () => {
  await post(1);
  await notifiedAt("clock_timestamp() - interval '1 second'");
  await post(2);
  await notifiedAt("clock_timestamp() + interval '5 hours'");
  await post(3);
  expect((await settled()).map(({ payload }) => payload.last_seq)).toEqual([2, 3, 4]);
});

it("notifies of every command and every state, however soon they follow on rows", async () => {
  await post(1);
  const control = { bearer: owner.accessToken, json: { action: "checkpoint", command_id: "c" } };
  await api.call("POST", `/api/training/local/${job.id}/control`, control);
  const report = { bearer: job.token, json: { status: "succeeded" } };
  await api.call("POST", `/api/training/local/${job.id}/status`, report);
  expect((await settled()).length).toBeGreaterThanOrEqual(3);
});

it("notifies less often where the database is told to", async () => {
  const interval = (text: string) =>
    api.supabase.sql(`create or replace function signalbox.notify_interval() returns interval
      language sql immutable as $$ select interval '${text}' $$`);
  await interval("10 seconds");
  try {
    await post(1);
    await notifiedAt("clock_timestamp() - interval '9 seconds'");
    await post(2);
    expect(await settled()).toHaveLength(1);
  } finally {
    await interval("1 second");
  }
});

it("shows viewers of the same server at once what nobody is notified of", async () => {
  const reader = await readSeqs();
  const seqs: number[] = [];
  seqs.push(await post(1));
  await reader.reached(seqs.at(-1) ?? 0);
  const began = performance.now();
  for (let step = 2; step <= 11; step += 1) {
    await notifiedAt("clock_timestamp()");
    seqs.push(await post(step));
    await reader.reached(seqs.at(-1) ?? 0);
  }
  // By polling alone each would have taken up to 1.8 s.
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(await settled()).toHaveLength(1);
  await reader.close();
});

/** Follows the run's stream as a viewer does. */
async function readSeqs() {
  const path = `/api/training/jobs/${job.id}/stream`;
  const gone = new AbortController();
  const response = await api.send("GET", path, { bearer: owner.accessToken, signal: gone.signal });
  const reader = (response.body ?? new ReadableStream()).getReader();
  const decoder = new TextDecoder();
  let newest = 0;
  const reading = (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      for (const [, seq] of decoder.decode(part.value).matchAll(/^id: [^-]+-(\d+)$/gm)) {
        newest = Math.max(newest, Number(seq));
      }
    }
  })().catch(() => {});
  return {
    reached: (seq: number) =>
      vi.waitFor(() => expect(newest).toBeGreaterThanOrEqual(seq), { timeout: 5_000, interval: 2 }),
    close: () => {
      gone.abort();
      return reading;
    },
  };
}
