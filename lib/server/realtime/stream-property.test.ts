import { settle } from "@signalbox/protocol/testing/manual-clock";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventStream } from "../../stream/connection/event-stream.ts";
import { TopicSubscriptions } from "./source/topic-subscriptions.ts";
import { createStreamHub, type StreamHub } from "./stream-hub.ts";
import { type Answer, chopped } from "./testing/chopped-body.ts";
import { HubHarness } from "./testing/hub-harness.ts";
import { owner } from "./testing/memory-database.ts";
import { parseStreamFilter } from "./testing/parse-stream-filter.ts";

type Step =
  | { kind: "insert"; rows: number; metrics: boolean }
  | { kind: "wait"; ms: number }
  | { kind: "disconnect"; afterBytes: number }
  | { kind: "restart" }
  | { kind: "delivery"; lost: boolean; doubled: boolean }
  | { kind: "slow"; readMs: number }
  | { kind: "outage"; ms: number }
  | { kind: "flood"; rows: number }
  | { kind: "pause"; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("insert" as const),
      rows: fc.integer({ min: 1, max: 40 }),
      metrics: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      ms: fc.integer({ min: 1, max: 4000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("disconnect" as const),
      afterBytes: fc.integer({ min: 0, max: 2000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("delivery" as const),
      lost: fc.boolean(),
      doubled: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("slow" as const),
      readMs: fc.integer({ min: 0, max: 300 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("outage" as const),
      ms: fc.integer({ min: 1, max: 12_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("flood" as const),
      rows: fc.integer({ min: 1, max: 30 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("pause" as const),
      ms: fc.integer({ min: 1, max: 90_000 }),
    }),
  },
);

/** Plays one scenario: what the client received, and what the database holds. */
async function play(scenario: Step[], chunkSizes: number[], query: string) {
  const harness = new HubHarness();
  const { clock, database } = harness;
  const key = database.addJob("a");
  const filter = parseStreamFilter(new URLSearchParams(query));
  const newHub = () =>
    createStreamHub({
      feed: database.feed,
      notifier: new TopicSubscriptions(database.notifier, clock, 5_000),
      clock,
    });
  let hub: StreamHub = newHub();
  let answer: Answer | null = null;
  const connections: { after: number; answer: Answer }[] = [];

  const fetch = async (_url: unknown, init: RequestInit = {}): Promise<Response> => {
    const cursor = new Headers(init.headers).get("last-event-id");
    try {
      const stream = await hub.openJob({
        userId: owner,
        jobId: "a",
        cursor,
        filter,
        credential: { id: "key", check: async () => "valid" },
        ...(init.signal ? { signal: init.signal } : {}),
      });
      if (!stream) return new Response(null, { status: 404 });
      answer = chopped(stream, chunkSizes);
      connections.push({ after: seqOf(cursor), answer });
      return new Response(answer.body, { headers: { "content-type": "text/event-stream" } });
    } catch {
      return new Response(null, { status: 503 });
    }
  };

  const ids: string[] = [];
  let resets = 0;
  const client = new EventStream({
    url: "http://signalbox.test/stream",
    fetch: fetch as typeof globalThis.fetch,
    after: "gen1-0",
    sequence: filter.plain ? (filter.full ? "every" : "merged") : "any",
    clock,
    random: () => 0.5,
    onMessage({ event, id, data }) {
      if (event === "reset") resets += 1;
      if (id === null || event === "heartbeat" || event === "snapshot") return;
      ids.push(event === "metrics" ? `${id} ${pointsOf(data)}` : id);
    },
  });
  client.start();

  for (const each of scenario) {
    switch (each.kind) {
      case "insert":
        database.insert(
          key,
          Array.from({ length: each.rows }, (_, n) =>
            each.metrics
              ? ["metrics", { loss: [[n, n, clock.now()]] }]
              : [
                  "event",
                  { type: "t", level: n % 2 ? "info" : "error", message: "é€😀", data: {} },
                ],
          ),
        );
        break;
      case "wait":
        await clock.advance(each.ms);
        break;
      case "disconnect":
        (answer as Answer | null)?.disconnectAfter(each.afterBytes);
        await settle();
        break;
      case "restart":
        hub.shutdown();
        hub = newHub();
        break;
      case "delivery":
        database.delivery = () => ({ lost: each.lost, doubled: each.doubled });
        break;
      case "slow":
        database.latency = () =>
          new Promise((resolve) => clock.setTimeout(() => resolve(), each.readMs));
        break;
      case "flood":
        // Rows large enough that a reader who pauses leaves more than a megabyte unread.
        for (let n = 0; n < each.rows; n += 1) {
          database.insert(key, [
            ["event", { type: "t", level: "error", message: "x".repeat(100_000), data: {} }],
          ]);
          await clock.advance(60);
        }
        break;
      case "pause":
        (answer as Answer | null)?.pauseUntil(
          new Promise((resolve) => clock.setTimeout(() => resolve(), each.ms)),
        );
        break;
      case "outage":
        database.down = true;
        await clock.advance(each.ms);
        database.down = false;
        break;
    }
  }
  await clock.advance(200_000);
  const { state } = client.connection;
  client.stop();
  hub.shutdown();
  for (const each of connections) expectAscending(each.after, each.answer.sent());
  return { ids, resets, state, rows: database.rows(key) };
}

const seqOf = (cursor: string | null) => Number(cursor?.split("-")[1]);

/** The server itself sends no row twice; the client's own guard would hide it. */
function expectAscending(after: number, sent: string): void {
  let last = after;
  for (const [, id, event] of sent.matchAll(/id: (\S+)\nevent: (\w+)/g)) {
    const seq = seqOf(id ?? null);
    if (event === "heartbeat") expect(seq).toBeGreaterThanOrEqual(last);
    else expect(seq).toBeGreaterThan(last);
    last = seq;
  }
}

function pointsOf(data: string): number {
  const series = JSON.parse(data) as Record<string, unknown[]>;
  return Object.values(series).reduce((sum, points) => sum + points.length, 0);
}

describe("the stream end to end", () => {
  const scenarios = fc.array(step, { minLength: 1, maxLength: 25 });
  const chunks = fc.array(
    fc.oneof(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 700, max: 200_000 })),
    { minLength: 1, maxLength: 8 },
  );

  /** A viewer that stops reading during a flood, is disconnected, and reconnects. */
  const pausedReader: [Step[], number[]] = [
    [
      { kind: "insert", rows: 3, metrics: true },
      { kind: "wait", ms: 100 },
      { kind: "pause", ms: 20_000 },
      { kind: "flood", rows: 30 },
      { kind: "insert", rows: 3, metrics: false },
    ],
    [50_000],
  ];

  /** The same, and its connection breaks before it has noticed the disconnection. */
  const brokenWhilePaused: [Step[], number[]] = [
    [...pausedReader[0], { kind: "disconnect", afterBytes: 0 }],
    pausedReader[1],
  ];

  it("delivers every row once, in order, whatever breaks", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, chunks, async (scenario, chunkSizes) => {
        const { ids, resets, state, rows } = await play(scenario, chunkSizes, "full=1");
        expect(ids).toEqual(
          rows.map(({ seq, stream }) => `gen1-${seq}${stream === "metrics" ? " 1" : ""}`),
        );
        expect(resets).toBe(0);
        expect(state).toBe("live");
      }),
      { numRuns: 60, examples: [pausedReader, brokenWhilePaused] },
    );
  }, 60_000);

  it("delivers every row that passes a filter once, in order", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, chunks, async (scenario, chunkSizes) => {
        const { ids, rows } = await play(scenario, chunkSizes, "streams=event&event_levels=error");
        const passing = rows.filter(
          (row) => row.stream === "event" && row.payload.level === "error",
        );
        expect(ids).toEqual(passing.map(({ seq }) => `gen1-${seq}`));
      }),
      { numRuns: 30, examples: [pausedReader, brokenWhilePaused] },
    );
  }, 60_000);

  it("keeps order and every row but downsampled points in default frames", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, chunks, async (scenario, chunkSizes) => {
        const { ids, rows } = await play(scenario, chunkSizes, "");
        const others = rows.filter(({ stream }) => stream !== "metrics");
        expect(ids.filter((id) => !id.includes(" "))).toEqual(
          others.map(({ seq }) => `gen1-${seq}`),
        );
        const seqs = ids.map((id) => Number(id.split(" ")[0]?.slice(5)));
        expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
        expect(seqs.at(-1)).toBe(rows.at(-1)?.seq);
      }),
      { numRuns: 30, examples: [pausedReader, brokenWhilePaused] },
    );
  }, 60_000);
});
