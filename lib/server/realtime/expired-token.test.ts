import { createClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startTestSupabase, type TestSupabase } from "../../../supabase/local/testing.ts";
import { EventStream } from "../../stream/connection/event-stream.ts";
import type { Database } from "../database.types.ts";
import { type CallRpc, rpcWith } from "../rpc/call-rpc.ts";
import { systemClock } from "./source/feed.ts";
import { realtimeClient } from "./source/notifier.ts";
import { RealtimePool } from "./source/realtime-pool.ts";
import { supabaseFeed } from "./source/supabase-feed.ts";
import { TopicSubscriptions } from "./source/topic-subscriptions.ts";
import { createStreamHub } from "./stream-hub.ts";
import { startStreamServer } from "./testing/stream-server.ts";
import { startTokenGateway, type TokenGateway } from "./testing/token-gateway.ts";

let supabase: TestSupabase;
let gateway: TokenGateway;
let call: CallRpc;
let pool: RealtimePool;
const closers: (() => unknown)[] = [];
const seqs: number[] = [];
const reports: number[] = [];

beforeAll(async () => {
  supabase = await startTestSupabase({ engine: "pglite" });
  gateway = await startTokenGateway({ url: supabase.url.replace("http", "ws") });
  const { userId } = await supabase.signUp("owner@example.com");
  call = rpcWith(
    createClient<Database>(supabase.url, supabase.secretKey, { auth: { persistSession: false } }),
  );
  pool = new RealtimePool({
    connect: () => realtimeClient(gateway.url, supabase.secretKey),
    clock: systemClock,
    random: () => 0.1,
    log: () => {},
  });
  const notifier = new TopicSubscriptions(pool, systemClock, 100);
  const hub = createStreamHub({ feed: supabaseFeed(call), notifier });
  const server = await startStreamServer(hub, userId);
  await call("attach_job", {
    p_user_id: userId,
    p_job: { id: "run", job_id: "run", name: "run", kind: "sft", status: "running" },
    p_token_hash: "hash",
    p_token_salt: "salt",
    p_actor: "test",
  });
  const stream = new EventStream({
    url: `${server.url}/jobs/run/stream`,
    sequence: "every",
    onMessage: ({ id, event }) => {
      if (id !== null && event !== "heartbeat") seqs.push(Number(id.split("-")[1]));
    },
  });
  stream.start();
  closers.push(
    () => stream.stop(),
    () => hub.shutdown(),
    () => pool.close(),
    () => server.close(),
  );
  await vi.waitFor(() => expect(seqs).toHaveLength(1), 5_000);
  await vi.waitFor(() => expect(pool.stats().joinedTopics).toBe(1), 5_000);
}, 120_000);

afterAll(async () => {
  for (const close of closers) await close();
  await gateway.close();
  await supabase.close();
});

/** Reports a status, of which the database always notifies; resolves with the time to the viewer. */
async function report(): Promise<number> {
  const at = performance.now();
  const { last_seq } = await call("report_status", {
    p_auth: { token_hash: "hash" },
    p_job_id: "run",
    p_batch_id: null,
    p_body_hash: "",
    p_report: { phase: `phase ${reports.length}` },
  });
  await vi.waitFor(() => expect(seqs.at(-1)).toBe(last_seq), { timeout: 5_000, interval: 5 });
  reports.push(last_seq);
  return performance.now() - at;
}

it("goes on by polling while Realtime refuses its joins, then gets pushes again", async () => {
  await report();
  gateway.refuse = () => "InvalidJWTToken: Token has expired 1 seconds ago";
  gateway.expireTokens();
  await vi.waitFor(() => expect(gateway.counts.refused).toBeGreaterThan(1), 5_000);
  expect(pool.stats().joinedTopics).toBe(0);
  for (let n = 0; n < 3; n += 1) expect(await report()).toBeLessThan(2_000 + 500);

  gateway.refuse = () => null;
  await vi.waitFor(() => expect(pool.stats().joinedTopics).toBe(1), 15_000);
  const { notifications } = pool.stats();
  await report();
  expect(pool.stats().notifications).toBe(notifications + 1);
  expect(seqs.slice(1)).toEqual(reports);
}, 120_000);
