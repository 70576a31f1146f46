import { streamNames } from "@signalbox/protocol/stream/stream-name";
import { toJson } from "@signalbox/protocol/wire/wire-number";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallbackHandler } from "../handlers/callback-handler.ts";
import {
  cutAt,
  type Fixture,
  loadFixtures,
  loadStreamKinds,
  serveFixture,
} from "../testing/fixture-server.ts";
import type { Transport } from "./follow-rows.ts";
import { JobStreamer } from "./job-streamer.ts";
import type { StreamMessage } from "./message.ts";

const fixtures = loadFixtures();

describe("the recorded streams", () => {
  it("are of the kinds of rows that the protocol names", () => {
    expect(loadStreamKinds()).toEqual(streamNames);
    const recorded = fixtures.flatMap(({ pages }) => pages.flatMap(({ rows }) => rows));
    expect(new Set(recorded.map(({ event }) => event))).toEqual(new Set(streamNames));
  });
});

async function streamed(
  fixture: Fixture,
  transport: Transport,
  server = serveFixture(fixture, undefined, { noStream: transport === "poll" }),
) {
  const messages: StreamMessage[] = [];
  const streamer = new JobStreamer({
    baseUrl: "http://signalbox.test",
    apiKey: "sbx_test",
    jobId: fixture.job_id,
    config: fixture.config,
    fetch: server.fetch,
    random: () => 0,
    intervalSeconds: 0.001,
    transport,
    handlers: [new CallbackHandler((message) => void messages.push(message))],
  });
  const job = await streamer.streamUntilTerminal();
  return { messages: JSON.parse(toJson(messages)), job, streamer };
}

describe.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(
  "the recorded stream %s",
  (_name, fixture) => {
    it("gives its messages by the live stream", async () => {
      const { messages, job } = await streamed(fixture, "sse");
      expect(messages).toEqual(fixture.messages);
      expect(job?.status).toBe(fixture.final_status);
    });

    it("gives the same by polling", async () => {
      const { messages, job } = await streamed(fixture, "poll");
      expect(messages).toEqual(fixture.messages);
      expect(job?.status).toBe(fixture.final_status);
    });

    it("gives the same when the live stream turns out not to be there", async () => {
      const server = serveFixture(fixture, undefined, { noStream: true });
      const { messages } = await streamed(fixture, "auto", server);
      expect(messages).toEqual(fixture.messages);
      expect(server.requests.filter((path) => path.includes("/stream"))).toHaveLength(1);
    });

    it("gives the same wherever its bytes are cut, within characters too", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(), { maxLength: 40 }), async (places) => {
          const server = serveFixture(fixture, (bytes) => cutAt(bytes, places));
          const { messages } = await streamed(fixture, "sse", server);
          expect(messages).toEqual(fixture.messages);
        }),
        { numRuns: 15 },
      );
    });

    it("gives the same byte by byte", async () => {
      const single = (bytes: Uint8Array) => [...bytes].map((byte) => Uint8Array.of(byte));
      const { messages } = await streamed(fixture, "sse", serveFixture(fixture, single));
      expect(messages).toEqual(fixture.messages);
    });
  },
);

it("has recorded every kind of message, duplicates, a reset, and each way to end", () => {
  expect(fixtures.length).toBeGreaterThanOrEqual(12);
  const types = new Set(fixtures.flatMap(({ messages }) => messages.map((m) => m.stream_type)));
  expect([...types].sort()).toEqual([
    "events",
    "logs",
    "metrics",
    "predictions",
    "status",
    "timeline",
  ]);
  const ends = new Set(fixtures.map(({ final_status }) => final_status));
  expect([...ends].sort()).toEqual(["cancelled", "failed", "succeeded"]);
});
