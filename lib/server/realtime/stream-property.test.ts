import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventStream } from "../../stream/connection/event-stream.ts";
import { TopicSubscriptions } from "./source/topic-subscriptions.ts";
import { createStreamHub, type StreamHub } from "./stream-hub.ts";
import { type Answer, chopped } from "./testing/chopped-body.ts";
import { HubHarness } from "./testing/hub-harness.ts";
import { owner } from "./testing/memory-database.ts";
import { parseStreamFilter } from "./testing/parse-stream-filter.ts";
import { chunkSizes, examples, perform, type Step, scenarios } from "./testing/scenario.ts";

/** Plays one scenario: what the client received, and what the database holds. */
async function play(scenario: Step[], sizes: number[], query: string) {
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
      if (stream === "ended") return new Response(null, { status: 204 });
      answer = chopped(stream, sizes);
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

  const restart = () => {
    hub.shutdown();
    hub = newHub();
  };
  const stage = { clock, database, keys: [key], answer: () => answer, restart };
  for (const each of scenario) await perform(each, stage);
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
  it("delivers every row once, in order, whatever breaks", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, chunkSizes, async (scenario, sizes) => {
        const { ids, resets, state, rows } = await play(scenario, sizes, "full=1");
        expect(ids).toEqual(
          rows.map(({ seq, stream }) => `gen1-${seq}${stream === "metrics" ? " 1" : ""}`),
        );
        expect(resets).toBe(0);
        expect(state).toBe("live");
      }),
      { numRuns: 60, examples: examples },
    );
  }, 60_000);

  it("delivers every row that passes a filter once, in order", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, chunkSizes, async (scenario, sizes) => {
        const { ids, rows } = await play(scenario, sizes, "streams=event&event_levels=error");
        const passing = rows.filter(
          (row) => row.stream === "event" && row.payload.level === "error",
        );
        expect(ids).toEqual(passing.map(({ seq }) => `gen1-${seq}`));
      }),
      { numRuns: 30, examples: examples },
    );
  }, 60_000);

  it("keeps order and every row but downsampled points in default frames", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, chunkSizes, async (scenario, sizes) => {
        const { ids, rows } = await play(scenario, sizes, "");
        const others = rows.filter(({ stream }) => stream !== "metrics");
        expect(ids.filter((id) => !id.includes(" "))).toEqual(
          others.map(({ seq }) => `gen1-${seq}`),
        );
        const seqs = ids.map((id) => Number(id.split(" ")[0]?.slice(5)));
        expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
        expect(seqs.at(-1)).toBe(rows.at(-1)?.seq);
      }),
      { numRuns: 30, examples: examples },
    );
  }, 60_000);
});
