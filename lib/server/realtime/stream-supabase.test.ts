import { createClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { engines, startTestSupabase, type TestSupabase } from "../../../supabase/local/testing.ts";
import { EventStream } from "../../stream/connection/event-stream.ts";
import type { Database } from "../database.types.ts";
import { type CallRpc, rpcWith } from "../rpc/call-rpc.ts";
import { systemClock, userTopic } from "./source/feed.ts";
import { realtimeClient } from "./source/notifier.ts";
import { RealtimePool } from "./source/realtime-pool.ts";
import { supabaseFeed } from "./source/supabase-feed.ts";
import { TopicSubscriptions } from "./source/topic-subscriptions.ts";
import { createStreamHub, type StreamHub } from "./stream-hub.ts";
import { type StreamServer, startStreamServer } from "./testing/stream-server.ts";

const noted = (n: number) => ({ type: "note", level: "info", message: `step ${n}`, data: {} });

describe.each(engines)("the stream on Supabase, %s", (engine) => {
  let supabase: TestSupabase;
  let server: StreamServer;
  let userId: string;
  let call: CallRpc;
  let subscriptions: TopicSubscriptions;
  /** How often the hub has read each job's rows. */
  const reads = new Map<unknown, number>();
  const closers: (() => void)[] = [];

  function newHub(): StreamHub {
    const client = createClient<Database>(supabase.url, supabase.secretKey, {
      auth: { persistSession: false, autoRefreshToken: false },
    });
    const rpc = rpcWith(client);
    call = rpc;
    const pool = new RealtimePool({
      connect: () => realtimeClient(supabase.url, supabase.secretKey),
      clock: systemClock,
      random: Math.random,
      log: () => {},
    });
    const opened = new TopicSubscriptions(pool, systemClock, 100);
    subscriptions = opened;
    const counted: CallRpc = async (name, args) => {
      const reply = await rpc(name, args);
      if (name === "read_stream" && "p_job_key" in args) {
        reads.set(args.p_job_key, (reads.get(args.p_job_key) ?? 0) + 1);
      }
      return reply;
    };
    const hub = createStreamHub({ feed: supabaseFeed(counted), notifier: opened });
    closers.push(() => {
      hub.shutdown();
      opened.closeAll();
      pool.close();
    });
    return hub;
  }

  beforeAll(async () => {
    supabase = await startTestSupabase({ engine });
    ({ userId } = await supabase.signUp("owner@example.com"));
    server = await startStreamServer(newHub(), userId);
  }, 60_000);

  afterAll(async () => {
    for (const close of closers) close();
    await server.close();
    await supabase.close();
  });

  async function attach(id: string): Promise<number> {
    const job = { id, job_id: id, name: id, kind: "sft", status: "running" };
    await call("attach_job", {
      p_user_id: userId,
      p_job: job,
      p_token_hash: `hash-${id}`,
      p_token_salt: `salt-${id}`,
      p_actor: "test",
    });
    const [row] = await supabase.sql<{ key: number }>("select key from jobs where id = $1", [id]);
    return Number(row?.key);
  }

  const ingest = (id: string, step: number) =>
    call("ingest_events", {
      p_auth: { user_id: userId },
      p_job_id: id,
      p_batch_id: null,
      p_body_hash: "",
      p_events: [noted(step)],
    });

  /** Follows a job from its first row on and notes the seq of each frame. */
  function follow(id: string) {
    const seqs: number[] = [];
    const arrivals: number[] = [];
    const stream = new EventStream({
      url: `${server.url}/jobs/${id}/stream?full=1`,
      sequence: "every",
      random: () => 0.2,
      onMessage: (message) => {
        if (message.id === null || message.event === "heartbeat") return;
        seqs.push(Number(message.id.split("-")[1]));
        arrivals.push(performance.now());
      },
    });
    stream.start();
    closers.push(() => stream.stop());
    return { seqs, arrivals, stream };
  }

  /** The hub's channel of the user has joined: what is written now is notified. */
  const joined = () =>
    new Promise<void>((resolve) => {
      closers.push(
        subscriptions.subscribe(userTopic(userId), { onNotify: () => {}, onJoined: resolve }),
      );
    });

  /** Notifies about a job that has not changed, and waits until the hub has read it. */
  async function notify(key: number): Promise<void> {
    const before = reads.get(key) ?? 0;
    await supabase.sql("select realtime.send($1, 'change', $2, true)", [
      JSON.stringify({ key }),
      userTopic(userId),
    ]);
    await vi.waitFor(() => expect(reads.get(key)).toBeGreaterThan(before), 5_000);
  }

  /** Whether a connection waits for a row that an open transaction holds. */
  async function somebodyWaits(): Promise<boolean> {
    const waiting = await supabase.sql(
      "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query ~ 'ingest_events'",
    );
    return waiting.length > 0;
  }

  async function stored(key: number): Promise<number[]> {
    const rows = await supabase.sql<{ seq: number }>(
      "select seq from job_stream where job_key = $1 order by seq",
      [key],
    );
    return rows.map(({ seq }) => Number(seq));
  }

  it("pushes what the trainer posts, promptly", async () => {
    await attach("push");
    const { seqs, arrivals } = follow("push");
    await vi.waitFor(() => expect(seqs).toHaveLength(1), 5_000);
    await vi.waitFor(() => expect(server.hub.stats().channels).toBeGreaterThan(0));
    await joined();
    const sent = performance.now();
    await ingest("push", 1);
    await vi.waitFor(() => expect(seqs).toHaveLength(2), 5_000);
    expect((arrivals[1] ?? sent + 9999) - sent).toBeLessThan(1_000);
  });

  it("loses and doubles nothing through broken connections and a restarted hub", async () => {
    const key = await attach("rough");
    const first = follow("rough");
    const second = follow("rough");
    for (let step = 0; step < 60; step += 1) {
      await ingest("rough", step);
      if (step % 13 === 5) server.disconnectAll();
      if (step === 30) {
        server.hub.shutdown();
        server.hub = newHub();
      }
    }
    const all = await stored(key);
    for (const { seqs } of [first, second]) {
      await vi.waitFor(() => expect(seqs.at(-1)).toBe(all.at(-1)), 20_000);
      // The first frame is the snapshot, whose id is the seq it stands at.
      expect(seqs).toEqual(all.slice(all.indexOf(seqs[0] ?? -1)));
    }
  }, 60_000);

  it.runIf(engine !== "pglite")(
    "waits for writers that commit late",
    async () => {
      const key = await attach("late");
      const { seqs } = follow("late");
      await vi.waitFor(() => expect(seqs).toHaveLength(1), 5_000);
      const write = (n: number) =>
        `select public.ingest_events('{"user_id":"${userId}"}', 'late', null, null,
        '${JSON.stringify([noted(n)])}')`;
      const a = supabase.connect();
      const b = supabase.connect();
      await a.sql("begin");
      await a.sql(write(1));
      await b.sql("begin");
      const blocked = b.sql(write(2));
      await vi.waitFor(async () => expect(await somebodyWaits()).toBe(true));
      // Another job commits meanwhile, and the hub reads: nothing of the open writers may show.
      await attach("other");
      await joined();
      await notify(key);
      expect(seqs).toHaveLength(1);
      await a.sql("rollback");
      await blocked;
      const c = supabase.connect();
      const third = c.sql(write(3));
      await vi.waitFor(async () => expect(await somebodyWaits()).toBe(true));
      await b.sql("commit");
      await third;
      const all = await stored(key);
      await vi.waitFor(() => expect(seqs).toEqual(all), 5_000);
      expect(all).toEqual([1, 2, 3]);
    },
    30_000,
  );

  it.runIf(engine !== "pglite")(
    "keeps order among many writers, some of which give up",
    async () => {
      const key = await attach("many");
      const { seqs } = follow("many");
      await vi.waitFor(() => expect(seqs).toHaveLength(1), 5_000);
      const writers = Array.from({ length: 4 }, () => supabase.connect());
      let busy = writers.length;
      await Promise.all(
        writers.map(async ({ sql }, writer) => {
          for (let n = 0; n < 15; n += 1) {
            await sql("begin");
            await sql(
              `select public.ingest_events('{"user_id":"${userId}"}', 'many', null, null,
              '${JSON.stringify([noted(n)])}')`,
            );
            // Some keep the others waiting before they end, so that writers take turns.
            while ((n + writer) % 3 === 0 && busy > 1 && !(await somebodyWaits()));
            await sql((n + writer) % 5 === 0 ? "rollback" : "commit");
          }
          busy -= 1;
        }),
      );
      const all = await stored(key);
      await vi.waitFor(() => expect(seqs).toEqual(all), 8_000);
      expect(all).toEqual(Array.from({ length: all.length }, (_, n) => n + 1));
    },
    30_000,
  );
});
