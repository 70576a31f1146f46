import { expect, it } from "vitest";
import { prometheusText } from "../service-metrics/prometheus.ts";
import { HubHarness } from "./testing/hub-harness.ts";

const event = { type: "note", level: "info", message: "x".repeat(400), data: {} };

function setUp() {
  const harness = new HubHarness();
  const key = harness.database.addJob("a");
  const insert = async () => {
    harness.database.insert(key, [["event", event]]);
    await harness.clock.advance(50);
  };
  return { harness, insert, instruments: harness.hub.instruments };
}

it("counts how streams begin: new, resumed after a reconnect, or reset", async () => {
  const { harness, insert, instruments } = setUp();
  await harness.watch("a");
  await insert();
  await harness.watch("a", { cursor: "gen1-0" });
  await harness.watch("a", { cursor: "other-1" });
  await harness.watchRuns(["a"]);
  await harness.watchList();
  expect(instruments.opened.total({ kind: "run", start: "new" })).toBe(1);
  expect(instruments.opened.total({ kind: "run", start: "resumed" })).toBe(1);
  expect(instruments.opened.total({ kind: "run", start: "reset" })).toBe(1);
  expect(instruments.opened.total({ kind: "runs" })).toBe(1);
  expect(instruments.opened.total({ kind: "list" })).toBe(1);
  expect(instruments.resets.total({ reason: "generation" })).toBe(1);
});

it("counts why streams close, once each, and for how long they were open", async () => {
  const { harness, instruments } = setUp();
  const left = await harness.watch("a");
  await harness.clock.advance(20_000);
  await left.cancel();
  await harness.watch("a");
  harness.verdict = "revoked";
  await harness.clock.advance(15_000);
  harness.verdict = "valid";
  await harness.watch("a");
  harness.hub.shutdown();
  await harness.clock.advance(2_000);
  for (const reason of ["disconnected", "failed", "ended"] as const) {
    expect(instruments.closed.total({ kind: "run", reason }), reason).toBe(1);
  }
  expect(instruments.duration.counts({ kind: "run" }).reduce((sum, count) => sum + count)).toBe(3);
});

it("counts a viewer that is cut off by what it did", async () => {
  const { harness, instruments } = setUp();
  await harness.open("a");
  const key = harness.database.addJob("b");
  await harness.open("b", { encoding: "gzip" });
  for (let n = 0; n < 13; n += 1) {
    harness.database.insert(key, [["event", { ...event, message: "x".repeat(100_000) }]]);
    await harness.clock.advance(60);
  }
  expect(instruments.closed.total({ reason: "slow_reader" })).toBe(1);
  await harness.clock.advance(120_000);
  expect(instruments.closed.total({ reason: "stalled" })).toBe(1);
});

it("counts frames and bytes before and after compression, and how long a notification took", async () => {
  const { harness, insert, instruments } = setUp();
  await harness.watch("a");
  await harness.watch("a", { encoding: "gzip" });
  const frames = instruments.frames.total();
  await insert();
  expect(instruments.frames.total() - frames).toBeGreaterThanOrEqual(2);
  const plain = instruments.bytes.total({ encoding: "identity" });
  expect(plain).toBeGreaterThan(500);
  expect(instruments.sentBytes.total({ encoding: "identity" })).toBe(plain);
  expect(instruments.bytes.total({ encoding: "gzip" })).toBe(plain);
  expect(instruments.sentBytes.total({ encoding: "gzip" })).toBeLessThan(plain);
  expect(instruments.notifyToFrame.counts().reduce((sum, count) => sum + count)).toBe(1);
  expect(prometheusText(instruments.families())).toMatch(
    /^signalbox_stream_notify_to_frame_seconds_count 1$/m,
  );
});
