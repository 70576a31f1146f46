import { ManualClock } from "@signalbox/protocol/time/testing/manual-clock";
import { toJson } from "@signalbox/protocol/wire/wire-number";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallbackHandler } from "../handlers/callback-handler.ts";
import { FakeDashboard } from "../testing/fake-dashboard.ts";
import { cutAt } from "../testing/fixture-server.ts";
import { refusal } from "../testing/script-fetch.ts";
import { decodeRow } from "./decode.ts";
import type { Transport } from "./follow-rows.ts";
import { JobStreamer } from "./job-streamer.ts";
import type { StreamMessage } from "./message.ts";

const streams = ["status", "events", "metrics", "timeline", "logs", "predictions"] as const;
const time = "2026-11-20T12:00:00.000Z";

const emission = fc.oneof(
  fc.record({ do: fc.constant("event" as const), text: fc.string({ unit: "binary" }) }),
  fc.record({ do: fc.constant("points" as const), count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant("predictions" as const), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant("logs" as const), text: fc.string({ unit: "grapheme" }) }),
);
const happen = fc.oneof(
  { weight: 4, arbitrary: emission },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("cut" as const, "away" as const, "back" as const, "heartbeat" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      ms: fc.constantFrom(1, 300, 2_000, 20_000, 50_000),
    }),
  },
);
type Happening = typeof happen extends fc.Arbitrary<infer T> ? T : never;

interface Faults {
  overlap: number;
  places: number[];
  pageSize: number;
}

/** Plays a story on a run while a streamer follows it; returns emitted and received messages. */
async function follow(story: Happening[], faults: Faults, transport: Transport) {
  const dashboard = new FakeDashboard();
  dashboard.overlap = () => faults.overlap;
  dashboard.chunked = (bytes) => cutAt(bytes, faults.places);
  const clock = new ManualClock();
  const received: StreamMessage[] = [];
  const streamer = new JobStreamer({
    baseUrl: "http://signalbox.test",
    jobId: dashboard.jobId,
    apiKey: "sbx_test",
    fetch: dashboard.fetch,
    clock,
    random: () => 0.5,
    transport,
    config: { streams, max_events_per_poll: faults.pageSize },
    handlers: [new CallbackHandler((message) => void received.push(message))],
  });
  const done = streamer.streamUntilTerminal();
  let step = 0;
  let line = 0;
  for (const event of story) {
    if (event.do === "event") dashboard.event(event.text);
    else if (event.do === "points") {
      const points = Array.from({ length: event.count }, () => {
        step += 1;
        return [step, step % 3 ? step : "NaN", step, null, null];
      });
      dashboard.emit("metrics", { "train/loss": points, "é/🙂": points });
    } else if (event.do === "predictions") {
      step += 1;
      dashboard.emit(
        "prediction",
        ...Array.from({ length: event.count }, (_, sample_index) => ({
          prediction: { epoch: 1, step, sample_index, prompt: "ß", created_at: time },
          total_count: 1,
          timestamp: time,
        })),
      );
    } else if (event.do === "logs") {
      line += 1;
      const lines = [{ line, stream: "stdout", text: event.text, ts: time }];
      dashboard.emit("logs", { lines, total_lines: line });
    } else if (event.do === "cut") dashboard.cut();
    else if (event.do === "away") dashboard.fault = () => refusal(503, "backend_unavailable");
    else if (event.do === "back") dashboard.fault = () => null;
    else if (event.do === "heartbeat") dashboard.send("event: heartbeat\ndata: {}\n\n");
    else if (event.do === "wait") await clock.advance(event.ms);
  }
  dashboard.fault = () => null;
  dashboard.become("succeeded");
  await clock.advance(60_000);
  dashboard.end();
  await clock.advance(60_000);
  const job = await done;
  const emitted = dashboard.rows.flatMap((row) => decodeRow(dashboard.jobId, row));
  return { emitted, received, job, pending: clock.pending };
}

describe("a streamer through any story", () => {
  const story = fc.array(happen, { maxLength: 25 });
  const faults = fc.record({
    overlap: fc.integer({ min: 0, max: 5 }),
    places: fc.array(fc.nat(5_000), { maxLength: 12 }),
    pageSize: fc.integer({ min: 1, max: 7 }),
  });

  it.each(["sse", "poll"] as const)(
    "by %s receives everything once and in order, whatever breaks, is cut or is repeated",
    async (transport) => {
      await fc.assert(
        fc.asyncProperty(story, faults, async (happenings, wrong) => {
          const { emitted, received, job, pending } = await follow(happenings, wrong, transport);
          // Both as JSON: NaN among them is not equal to itself.
          expect(received.map((message) => toJson(message))).toEqual(emitted.map((m) => toJson(m)));
          expect(job?.status).toBe("succeeded");
          expect(pending).toBe(0);
        }),
        { numRuns: 60 },
      );
    },
  );
});
