import { describe, expect, it, vi } from "vitest";
import { FrameReader, HubHarness } from "./testing/hub-harness.ts";
import { owner } from "./testing/memory-database.ts";

const event = (n: number, level = "info"): ["event", Record<string, unknown>] => [
  "event",
  { type: "note", level, message: `n${n}`, data: {}, created_at: "" },
];
const metric = (step: number, ts = step * 1000): ["metrics", Record<string, unknown>] => [
  "metrics",
  { "train/loss": [[step, step / 10, ts, 1, "train"]] },
];
const status = (to: string): ["status", Record<string, unknown>] => [
  "status",
  { from: "running", to, reason: null, actor: null, attempt: 1, created_at: "" },
];
const seqs = (reader: FrameReader) =>
  reader.of("event", "metrics", "status", "command").map(({ id }) => Number(id?.split("-")[1]));

describe("a job's stream", () => {
  it("begins with connected and a snapshot whose id is its cursor", async () => {
    const { database, watch } = bound();
    const key = database.addJob("a");
    database.insert(key, [event(1), event(2)]);
    const reader = await watch("a");
    expect(reader.events).toEqual(["connected", "snapshot"]);
    expect(reader.frames[0]?.data).toMatchObject({ jobId: "a", generation: "gen1", last_seq: 2 });
    expect(reader.frames[1]).toMatchObject({ id: "gen1-2", data: { job: { last_seq: 2 } } });
  });

  it("delivers what is stored later, in order, each row once", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    const reader = await watch("a");
    for (let n = 1; n <= 5; n += 1) {
      database.insert(key, [event(n)]);
      await clock.advance(30);
    }
    expect(seqs(reader)).toEqual([1, 2, 3, 4, 5]);
    expect(reader.of("event")[0]?.data).toMatchObject({ seq: 1, message: "n1" });
  });

  it("sends only the rows after a cursor, without a snapshot, then the job as it stands", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    database.insert(key, [event(1), event(2), event(3)]);
    const reader = await watch("a", { cursor: "gen1-1" });
    expect(seqs(reader)).toEqual([2, 3]);
    await clock.advance(1000);
    expect(reader.events).toEqual(["connected", "event", "event", "job"]);
  });

  it("replays everything from a cursor of zero, page by page", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    database.insert(
      key,
      Array.from({ length: 2500 }, (_, n) => event(n)),
    );
    const reader = await watch("a", { cursor: "gen1-0" });
    await clock.advance(50);
    expect(seqs(reader)).toEqual(Array.from({ length: 2500 }, (_, n) => n + 1));
  });

  it.each([
    ["malformed", "nonsense"],
    ["generation", "oldgen-1"],
    ["future", "gen1-99"],
  ])("answers a %s cursor with one reset and a snapshot", async (reason, cursor) => {
    const { database, watch } = bound();
    database.insert(database.addJob("a"), [event(1)]);
    const reader = await watch("a", { cursor });
    expect(reader.events).toEqual(["connected", "reset", "snapshot"]);
    expect(reader.frames[1]?.data).toEqual({ reason });
  });

  it("knows no job of another user", async () => {
    const { database, open } = bound();
    database.addJob("a");
    expect(await open("a", { userId: "somebody else" })).toBeNull();
    expect(await open("b")).toBeNull();
  });

  it("rejects before the stream when the database is down", async () => {
    const { database, open, hub } = bound();
    database.addJob("a");
    database.down = true;
    await expect(open("a")).rejects.toThrow("down");
    expect(hub.stats()).toEqual({ viewers: 0, channels: 0 });
  });

  it("finds by polling within two seconds what no notification announced", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    const reader = await watch("a");
    database.delivery = () => ({ lost: true, doubled: false });
    database.insert(key, [event(1)]);
    await clock.advance(1_990);
    expect(seqs(reader)).toEqual([1]);
  });

  it("reads again when the notifier has reconnected", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    const reader = await watch("a");
    database.delivery = () => ({ lost: true, doubled: false });
    database.insert(key, [event(1)]);
    database.rejoin();
    await clock.advance(20);
    expect(seqs(reader)).toEqual([1]);
  });

  it("reads once for many viewers and shares the bytes", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    const readers = [];
    for (let n = 0; n < 20; n += 1) readers.push(await watch("a", { query: "streams=event" }));
    await clock.advance(1_000);
    const before = database.reads;
    database.insert(key, [event(1)]);
    await clock.advance(30);
    expect(database.reads - before).toBe(1);
    for (const reader of readers) expect(seqs(reader)).toEqual([1]);
    expect(database.topics).toHaveLength(1);
  });

  it("attaches the job to the newest status row of a change", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    const reader = await watch("a");
    database.insert(key, [status("pausing"), status("paused")]);
    await clock.advance(30);
    const [first, second] = reader.of("status");
    expect(first?.data).not.toHaveProperty("job");
    expect(second?.data).toMatchObject({ seq: 2, to: "paused", job: { status: "paused" } });
  });

  it("sends progress and lasting changes that bring no row", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    const reader = await watch("a");
    database.update(key, { current_step: 7, progress: 0.5 });
    await clock.advance(1_000);
    expect(reader.of("progress")[0]?.data).toMatchObject({ current_step: 7, progress: 0.5 });
    database.update(key, { name: "renamed" });
    await clock.advance(1_000);
    expect(reader.of("job")[0]?.data).toMatchObject({ job: { name: "renamed" } });
  });

  it("ends after a terminal state and a second of quiet, late rows first", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    const reader = await watch("a", { query: "streams=event" });
    database.insert(key, [status("succeeded")]);
    await clock.advance(600);
    database.insert(key, [event(1)]);
    await clock.advance(900);
    expect(reader.done).toBe(false);
    await clock.advance(300);
    expect(reader.events).toEqual(["connected", "snapshot", "event", "heartbeat", "end"]);
    expect(reader.frames.at(-1)?.data).toEqual({ status: "succeeded" });
    expect(reader.done).toBe(true);
  });

  it("opens no stream at the end of a job that is over, until the job is started again", async () => {
    const { database, watch, open, clock } = bound();
    const key = database.addJob("a");
    const query = "streams=event";
    const reader = await watch("a", { query });
    database.insert(key, [event(1), status("failed")]);
    await clock.advance(1_500);
    const [last] = reader.of("heartbeat");
    expect(last?.id).toBe("gen1-2");
    for (const cursor of ["gen1-2", last?.id ?? ""]) {
      expect(await open("a", { cursor, query })).toBe("ended");
    }
    expect((await watch("a", { cursor: "gen1-1", query })).events).toContain("end");
    expect((await watch("a", { cursor: null, query })).events).toContain("snapshot");
    await clock.advance(300_000);
    expect(await open("a", { cursor: "gen1-2", query })).toBe("ended");
    database.insert(key, [status("queued"), status("running")]);
    const again = await watch("a", { cursor: "gen1-2" });
    expect(again.of("status")).toHaveLength(2);
    expect(again.done).toBe(false);
  });

  it("keeps the stream of a job open that ended a moment ago: late rows are still expected", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    database.insert(key, [status("succeeded")]);
    const reader = await watch("a", { cursor: "gen1-1" });
    database.insert(key, [event(1)]);
    await clock.advance(2_000);
    expect(reader.of("event", "end").map((frame) => frame.event)).toEqual(["event", "end"]);
  });

  it("ends at once, after what is missing, for a job that ended long ago", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    database.insert(key, [event(1), status("failed")]);
    await clock.advance(120_000);
    const fresh = await watch("a");
    expect(fresh.events).toEqual(["connected", "snapshot", "end"]);
    const resumed = await watch("a", { cursor: "gen1-1" });
    expect(resumed.of("status", "end").map((frame) => frame.event)).toEqual(["status", "end"]);
  });

  it("resets the stream when the job has been deleted and created again", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    const reader = await watch("a");
    database.removeJob(key);
    database.addJob("a");
    await clock.advance(2_000);
    expect(reader.events).toEqual(["connected", "snapshot", "reset", "snapshot"]);
    expect(reader.frames.at(-1)?.id).toBe("gen2-0");
    database.insert(2, [event(1)]);
    await clock.advance(50);
    expect(reader.frames.at(-1)?.id).toBe("gen2-1");
  });

  it("says not_found and closes when the job has been deleted", async () => {
    const { database, watch, clock, hub } = bound();
    const key = database.addJob("a");
    const reader = await watch("a");
    database.removeJob(key);
    await clock.advance(2_000);
    expect(reader.frames.at(-1)).toMatchObject({ event: "error", data: { code: "not_found" } });
    expect(reader.done).toBe(true);
    expect(hub.stats()).toEqual({ viewers: 0, channels: 0 });
  });

  it("sends heartbeats, marked with the position, every 15 seconds", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    const reader = await watch("a", { query: "streams=status" });
    for (let n = 0; n < 300; n += 1) database.insert(key, [event(n)]);
    await clock.advance(15_000);
    expect(reader.of("event")).toEqual([]);
    expect(reader.of("heartbeat").map(({ id }) => id)).toEqual(["gen1-300"]);
    await clock.advance(15_000);
    expect(reader.of("heartbeat")).toHaveLength(2);
  });

  it("moves the cursor over pages that a filter leaves nothing of", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    database.insert(
      key,
      Array.from({ length: 2100 }, (_, n) => event(n)),
    );
    database.insert(key, [event(1, "error")]);
    const reader = await watch("a", { cursor: "gen1-0", query: "event_levels=error" });
    await clock.advance(100);
    const ids = reader.of("heartbeat", "event").map(({ event: name, id }) => `${name} ${id}`);
    expect(ids).toEqual(["heartbeat gen1-1000", "heartbeat gen1-2000", "event gen1-2101"]);
  });

  it("disconnects a viewer that leaves a megabyte unread, and no other", async () => {
    const { database, open, watch, clock, hub } = bound();
    const key = database.addJob("a");
    const attentive = await watch("a");
    const stream = await open("a");
    const text = "x".repeat(100_000);
    for (let n = 0; n < 15; n += 1) {
      database.insert(key, [["event", { type: text, level: "info", message: "", data: {} }]]);
      await clock.advance(100);
    }
    expect(hub.stats().viewers).toBe(1);
    expect(seqs(attentive)).toHaveLength(15);
    const late = new FrameReader(stream as ReadableStream<Uint8Array>);
    await clock.advance(1);
    expect(late.failed).toBe(true);
  });

  it("breaks the connection of a viewer that does not take the end of a stream", async () => {
    const { database, clock, hub, open } = bound();
    const key = database.addJob("a");
    const disconnect = vi.fn();
    const stream = await open("a", { disconnect });
    if (!(stream instanceof ReadableStream)) throw new Error("no stream");
    const unread = new WritableStream<Uint8Array>({ write: () => new Promise(() => {}) });
    await stream.pipeTo(unread);
    database.insert(key, [status("succeeded")]);
    await clock.advance(5_000);
    expect(hub.stats().viewers).toBe(0);
    expect(disconnect).not.toHaveBeenCalled();
    await clock.advance(60_000);
    expect(disconnect).toHaveBeenCalledTimes(1);
  });

  it("delivers one row larger than the limit to a viewer that reads", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    const reader = await watch("a");
    const type = "x".repeat(2_000_000);
    database.insert(key, [["event", { type, level: "info", message: "", data: {} }]]);
    await clock.advance(30);
    expect(seqs(reader)).toEqual([1]);
  });

  it("forgets a viewer that leaves, and its channel after a grace", async () => {
    const { database, watch, clock, hub } = bound();
    database.addJob("a");
    const reader = await watch("a");
    await reader.cancel();
    await clock.advance(1);
    expect(hub.stats()).toEqual({ viewers: 0, channels: 1 });
    await clock.advance(11_000);
    expect(hub.stats()).toEqual({ viewers: 0, channels: 0 });
    expect(database.topics).toEqual([]);
    const reads = database.reads;
    await clock.advance(60_000);
    expect(database.reads).toBe(reads);
    expect(clock.pending).toBe(0);
  });

  it("ends the streams of a revoked credential at once", async () => {
    const harness = new HubHarness();
    harness.database.addJob("a");
    const reader = await harness.watch("a");
    const list = await harness.watchList();
    harness.verdict = "revoked";
    harness.database.revoke(owner);
    await harness.clock.advance(1);
    for (const each of [reader, list]) {
      expect(each.frames.at(-1)).toMatchObject({ event: "error", data: { code: "unauthorized" } });
      expect(each.done).toBe(true);
    }
  });

  it("checks credentials again within 15 seconds, and lets expired ones come again", async () => {
    const harness = new HubHarness();
    harness.database.addJob("a");
    const reader = await harness.watch("a");
    harness.verdict = "expired";
    await harness.clock.advance(15_000);
    expect(reader.done).toBe(true);
    expect(reader.of("error")).toEqual([]);
  });

  it("fails viewers when the database stays unavailable", async () => {
    const { database, watch, clock } = bound();
    database.addJob("a");
    const reader = await watch("a");
    database.down = true;
    await clock.advance(10_000);
    expect(reader.frames.at(-1)?.data).toMatchObject({ code: "backend_unavailable" });
    expect(reader.done).toBe(true);
  });

  it("ends every stream at shutdown and takes no new one", async () => {
    const { database, watch, open, clock, hub } = bound();
    database.addJob("a");
    const reader = await watch("a");
    hub.shutdown();
    await clock.advance(1);
    expect(reader.done).toBe(true);
    expect(reader.failed).toBe(false);
    await expect(open("a")).rejects.toThrow("stopping");
  });

  it("downsamples a flood of points in default frames and never with full=1", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    const sampled = await watch("a");
    const full = await watch("a", { query: "full=1" });
    database.insert(
      key,
      Array.from({ length: 50 }, (_, n) => metric(n, 1_000 + n)),
    );
    await clock.advance(100);
    expect(sampled.of("metrics").map(({ id }) => id)).toEqual(["gen1-50"]);
    expect(sampled.of("metrics")[0]?.data["train/loss"]).toEqual([
      [0, 0, 1000],
      [49, 4.9, 1049],
    ]);
    expect(seqs(full)).toHaveLength(50);
    expect(full.of("metrics")[3]?.data).toEqual({ "train/loss": [[3, 0.3, 1003, 1, "train"]] });
  });

  const predicted: ["prediction", Record<string, unknown>] = [
    "prediction",
    { predictions: [{ epoch: 1, sample_id: 0 }], counts: [[1, 1]], total_count: 1 },
  ];
  const prediction = expect.objectContaining({ prediction: { epoch: 1, sample_id: 0 } });

  it("reads no predictions while every viewer is content with summaries or other streams", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    const summary = await watch("a", { query: "predictions=summary" });
    await watch("a", { query: "streams=metrics" });
    database.insert(key, [predicted, event(1)]);
    await clock.advance(100);
    expect(summary.of("prediction_summary").map(({ id, data }) => [id, data])).toEqual([
      ["gen1-1", { epoch: 1, count: 1, seq: 1 }],
    ]);
    expect(database.predictionsRead).toBe(false);
    const whole = await watch("a", { cursor: "gen1-0" });
    expect(whole.of("prediction").map(({ id, data }) => [id, data])).toEqual([
      ["gen1-1", prediction],
    ]);
    database.insert(key, [predicted]);
    await clock.advance(100);
    expect(whole.of("prediction")).toHaveLength(2);
    expect(summary.of("prediction_summary")).toHaveLength(2);
  });

  it("reads again for a viewer of predictions that joined during a read without them", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    const summary = await watch("a", { query: "predictions=summary" });
    await clock.advance(1_000);
    database.latency = () => new Promise((resolve) => clock.setTimeout(() => resolve(), 200));
    database.delivery = () => ({ lost: true, doubled: false });
    const joining = watch("a", { cursor: "gen1-0" });
    await clock.advance(190);
    database.delivery = () => ({ lost: false, doubled: false });
    database.insert(key, [predicted]);
    await clock.advance(1_000);
    expect((await joining).of("prediction").map(({ data }) => data)).toEqual([prediction]);
    expect(summary.of("prediction_summary")).toHaveLength(1);
  });

  it("sends whole points with full=1, with nulls where epoch or phase are missing", async () => {
    const { database, watch, clock } = bound();
    const key = database.addJob("a");
    const full = await watch("a", { query: "full=1" });
    const points = [
      [0, 1, 1000],
      [0, "NaN", 1001, 0.5],
      [1, 2, 1002, null, "eval"],
    ];
    database.insert(key, [["metrics", { loss: points }]]);
    await clock.advance(100);
    expect(full.of("metrics")[0]?.data).toEqual({
      loss: [
        [0, 1, 1000, null, null],
        [0, "NaN", 1001, 0.5, null],
        [1, 2, 1002, null, "eval"],
      ],
    });
  });
});

function bound() {
  const harness = new HubHarness();
  const { clock, database, hub } = harness;
  return {
    clock,
    database,
    hub,
    watch: harness.watch.bind(harness),
    open: harness.open.bind(harness),
  };
}
