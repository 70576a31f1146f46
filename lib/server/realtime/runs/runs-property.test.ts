import { parseRunEnvelope, parseRunsCursor } from "@signalbox/protocol/stream/runs-stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventStream } from "../../../stream/connection/event-stream.ts";
import { RunsCursorGuard } from "../../../stream/connection/runs-cursor-guard.ts";
import { TopicSubscriptions } from "../source/topic-subscriptions.ts";
import { createStreamHub, type StreamHub } from "../stream-hub.ts";
import { type Answer, chopped } from "../testing/chopped-body.ts";
import { HubHarness } from "../testing/hub-harness.ts";
import { owner } from "../testing/memory-database.ts";
import { parseStreamFilter } from "../testing/parse-stream-filter.ts";
import { chunkSizes, examples, perform, type Step, scenarios } from "../testing/scenario.ts";

const ids = ["a", "b:2", "c.3-x"];

type Seqs = Record<string, number>;

/** Plays one scenario for several runs: what the client received, and what the database holds. */
async function play(scenario: Step[], sizes: number[], query: string) {
  const { clock, database } = new HubHarness();
  const keys = ids.map((id) => database.addJob(id));
  const filter = parseStreamFilter(new URLSearchParams(query));
  const newHub = () =>
    createStreamHub({
      feed: database.feed,
      notifier: new TopicSubscriptions(database.notifier, clock, 5_000),
      clock,
    });
  let hub: StreamHub = newHub();
  let answer: Answer | null = null;
  const connections: { after: string | null; answer: Answer }[] = [];

  const fetch = async (_url: unknown, init: RequestInit = {}): Promise<Response> => {
    const cursor = new Headers(init.headers).get("last-event-id");
    try {
      const stream = await hub.openRuns({
        userId: owner,
        jobIds: ids,
        cursor,
        filter,
        credential: { id: "key", check: async () => "valid" },
        ...(init.signal ? { signal: init.signal } : {}),
      });
      if (!(stream instanceof ReadableStream)) return new Response(null, { status: 404 });
      answer = chopped(stream, sizes);
      connections.push({ after: cursor, answer });
      return new Response(answer.body, { headers: { "content-type": "text/event-stream" } });
    } catch {
      return new Response(null, { status: 503 });
    }
  };

  const received: Record<string, string[]> = Object.fromEntries(ids.map((id) => [id, []]));
  let resets = 0;
  const client = new EventStream({
    url: "http://signalbox.test/stream",
    fetch: fetch as typeof globalThis.fetch,
    guard: new RunsCursorGuard(
      filter.plain && filter.full ? "every" : "any",
      new Map(ids.map((id, index) => [id, `gen${index + 1}-0`])),
    ),
    clock,
    random: () => 0.5,
    onMessage({ event, data }) {
      if (event === "reset") resets += 1;
      const envelope = parseRunEnvelope(JSON.parse(data));
      if (envelope?.cursor !== undefined) received[envelope.run]?.push(envelope.cursor);
    },
  });
  client.start();
  const restart = () => {
    hub.shutdown();
    hub = newHub();
  };
  const stage = { clock, database, keys, answer: () => answer, restart };
  for (const each of scenario) await perform(each, stage);
  await clock.advance(200_000);
  const { state } = client.connection;
  client.stop();
  hub.shutdown();
  for (const each of connections) expectInOrder(each.after, each.answer.sent(), filter.plain);
  const rows = (index: number) => database.rows(keys[index] ?? 0);
  return { received, resets, state, rows };
}

const seqOf = (cursor: string | undefined) => Number(cursor?.split("-")[1]);
const seqsOf = (cursor: string | null): Seqs =>
  Object.fromEntries(
    [...(parseRunsCursor(cursor ?? "") ?? [])].map(([run, own]) => [run, seqOf(own)]),
  );

/**
 * The server itself sends no row twice, and no `id` of any frame is ahead of the rows before it: a
 * client may resume from the last one that it saw, wherever its connection was cut.
 */
function expectInOrder(after: string | null, sent: string, everyRow: boolean): void {
  const delivered = seqsOf(after);
  for (const block of sent.split("\n\n")) {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    if (data === undefined) continue;
    const envelope = parseRunEnvelope(JSON.parse(data));
    if (envelope?.cursor !== undefined) {
      const seq = seqOf(envelope.cursor);
      expect(seq).toBeGreaterThan(delivered[envelope.run] ?? 0);
      delivered[envelope.run] = seq;
    }
    const id = /^id: (.*)$/m.exec(block)?.[1];
    if (id === undefined) continue;
    const seqs = seqsOf(id);
    expect(Object.keys(seqs)).toEqual(ids);
    if (everyRow) expect(seqs).toEqual(delivered);
    else for (const run of ids) expect(seqs[run]).toBeGreaterThanOrEqual(delivered[run] ?? 0);
  }
}

describe("the stream of several runs end to end", () => {
  it("delivers every row of every run once, in order, whatever breaks", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, chunkSizes, async (scenario, sizes) => {
        const { received, resets, state, rows } = await play(scenario, sizes, "full=1");
        for (const [index, id] of ids.entries()) {
          expect(received[id]).toEqual(rows(index).map(({ seq }) => `gen${index + 1}-${seq}`));
        }
        expect(resets).toBe(0);
        expect(state).toBe("live");
      }),
      { numRuns: 40, examples },
    );
  }, 60_000);

  it("delivers every row that passes a filter once, in order", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, chunkSizes, async (scenario, sizes) => {
        const query = "streams=event&event_levels=error";
        const { received, rows } = await play(scenario, sizes, query);
        for (const [index, id] of ids.entries()) {
          const passing = rows(index).filter(
            (row) => row.stream === "event" && row.payload.level === "error",
          );
          expect(received[id]).toEqual(passing.map(({ seq }) => `gen${index + 1}-${seq}`));
        }
      }),
      { numRuns: 20, examples },
    );
  }, 60_000);
});
