import { describe, expect, it } from "vitest";
import { FrameReader, HubHarness, type ReadFrame } from "../testing/hub-harness.ts";

type Row = ["event" | "metrics" | "status", Record<string, unknown>];

const event = (message: string): Row => [
  "event",
  { type: "note", level: "info", message, data: {}, created_at: "" },
];
const metric = (step: number): Row => ["metrics", { loss: [[step, step / 10, step * 1_000]] }];
const status = (to: string): Row => [
  "status",
  { from: "running", to, reason: null, actor: null, attempt: 1, created_at: "" },
];

/** `run:event:cursor` of frames that belong to a run, else the event alone. */
const brief = ({ event: name, data }: ReadFrame) =>
  typeof data.run === "string" ? [data.run, name, data.cursor].filter(Boolean).join(" ") : name;
const rowsOf = (reader: FrameReader, run: string) =>
  reader
    .of("event", "metrics", "status")
    .filter(({ data }) => data.run === run)
    .map(({ data }) => data.cursor);

describe("a stream of several runs", () => {
  it("begins with each run's own opening, and marks what moves a cursor with all of them", async () => {
    const { database, watchRuns } = bound();
    database.insert(database.addJob("a"), [event("1")]);
    database.addJob("b");
    const reader = await watchRuns(["a", "b"]);
    expect(reader.frames.map(brief)).toEqual([
      "a connected",
      "a snapshot gen1-1",
      "b connected",
      "b snapshot gen2-0",
    ]);
    expect(reader.frames.map(({ id }) => id)).toEqual([
      null,
      "a:gen1-1",
      null,
      "a:gen1-1,b:gen2-0",
    ]);
    expect(reader.frames[1]?.data.data).toMatchObject({ job: { id: "a", last_seq: 1 } });
  });

  it("delivers each run's rows in order, each once, under their run's name", async () => {
    const { database, watchRuns, clock } = bound();
    const [a, b] = [database.addJob("a"), database.addJob("b")];
    const reader = await watchRuns(["a", "b"]);
    for (let n = 1; n <= 3; n += 1) {
      database.insert(a, [event(`a${n}`)]);
      database.insert(b, [event(`b${n}`), metric(n)]);
      await clock.advance(30);
    }
    expect(rowsOf(reader, "a")).toEqual(["gen1-1", "gen1-2", "gen1-3"]);
    expect(rowsOf(reader, "b")).toEqual([1, 2, 3, 4, 5, 6].map((seq) => `gen2-${seq}`));
    expect(reader.of("event")[0]?.data).toMatchObject({ run: "a", data: { message: "a1" } });
    expect(reader.frames.at(-1)?.id).toBe("a:gen1-3,b:gen2-6");
  });

  it("resumes each run from its own cursor, and begins one without a cursor from a snapshot", async () => {
    const { database, watchRuns } = bound();
    database.insert(database.addJob("a"), [event("1"), event("2"), event("3")]);
    database.insert(database.addJob("b"), [event("1"), event("2")]);
    database.addJob("c");
    const reader = await watchRuns(["a", "b", "c"], {
      cursor: "b:gen2-0,a:gen1-2",
      query: "streams=event",
    });
    expect(rowsOf(reader, "a")).toEqual(["gen1-3"]);
    expect(rowsOf(reader, "b")).toEqual(["gen2-1", "gen2-2"]);
    expect(reader.of("snapshot").map(brief)).toEqual(["c snapshot gen3-0"]);
  });

  it("puts the id with the last frame of what is read at once, never ahead of it", async () => {
    const { database, watchRuns } = bound();
    database.insert(database.addJob("a"), [event("1"), event("2"), event("3")]);
    const reader = await watchRuns(["a"], { cursor: "a:gen1-0" });
    expect(reader.of("event").map(({ id }) => id)).toEqual([null, null, "a:gen1-3"]);
  });

  it("resets only the run whose cursor is no good", async () => {
    const { database, watchRuns } = bound();
    for (const id of ["a", "b", "c", "d"]) database.insert(database.addJob(id), [event("1")]);
    const reader = await watchRuns(["a", "b", "c", "d"], {
      cursor: "a:gen1-1,b:oldgen-1,c:gen3-9,d:x",
    });
    expect(reader.of("reset").map(({ data }) => data)).toEqual([
      { run: "b", data: { reason: "generation" } },
      { run: "c", data: { reason: "future" } },
      { run: "d", data: { reason: "malformed" } },
    ]);
    expect(reader.of("snapshot").map(({ data }) => data.run)).toEqual(["b", "c", "d"]);
  });

  it.each(["nonsense", "gen1-1", "a:gen1-1,,", ":gen1-1"])(
    "resets every run for the cursor %s, which names none",
    async (cursor) => {
      const { database, watchRuns } = bound();
      for (const id of ["a", "b"]) database.insert(database.addJob(id), [event("1")]);
      const reader = await watchRuns(["a", "b"], { cursor });
      expect(reader.of("reset").map(({ data }) => data)).toEqual([
        { run: "a", data: { reason: "malformed" } },
        { run: "b", data: { reason: "malformed" } },
      ]);
    },
  );

  it("finds the cursor of an id that holds colons and dashes", async () => {
    const { database, watchRuns } = bound();
    const id = "team:a-1:b_2.c-3";
    database.insert(database.addJob(id), [event("1"), event("2")]);
    const reader = await watchRuns([id], { cursor: `${id}:gen1-1`, query: "streams=event" });
    expect(rowsOf(reader, id)).toEqual(["gen1-2"]);
    expect(reader.frames.at(-1)?.id).toBe(`${id}:gen1-2`);
  });

  it("knows no runs of another user, and begins nothing where one is missing", async () => {
    const { database, openRuns, hub } = bound();
    database.addJob("a");
    database.addJob("theirs", {}, "somebody else");
    for (const ids of [["theirs"], ["a", "theirs"], ["a", "none"], ["no id"]]) {
      expect(await openRuns(ids)).toBeNull();
    }
    expect(await openRuns(["theirs", "a"], { cursor: "nonsense" })).toBeNull();
    expect(hub.stats()).toEqual({ viewers: 0, channels: 0 });
  });

  it("rejects before the stream when the database is down", async () => {
    const { database, openRuns, hub } = bound();
    database.addJob("a");
    database.down = true;
    await expect(openRuns(["a"])).rejects.toThrow("down");
    expect(hub.stats()).toEqual({ viewers: 0, channels: 0 });
  });

  it("says that a run was deleted and goes on with the others", async () => {
    const { database, watchRuns, clock } = bound();
    const [a, b] = [database.addJob("a"), database.addJob("b")];
    const reader = await watchRuns(["a", "b"]);
    database.removeJob(a);
    await clock.advance(2_000);
    database.insert(b, [event("1")]);
    await clock.advance(30);
    expect(reader.of("removed").map(({ data }) => data)).toEqual([{ run: "a" }]);
    expect(rowsOf(reader, "b")).toEqual(["gen2-1"]);
    expect(reader.frames.at(-1)?.id).toBe("a:gen1-0,b:gen2-1");
    expect(reader.done).toBe(false);
  });

  it("says so again to a client whose cursor names the deleted run, and ends with the last one", async () => {
    const { database, watchRuns, openRuns, clock } = bound();
    const [a, b] = [database.addJob("a"), database.addJob("b")];
    database.removeJob(a);
    const reader = await watchRuns(["a", "b"], { cursor: "a:gen1-0,b:gen2-0" });
    expect(reader.frames[0]).toMatchObject({ event: "removed", data: { run: "a" } });
    database.removeJob(b);
    await clock.advance(2_000);
    expect(reader.of("removed").map(({ data }) => data.run)).toEqual(["a", "b"]);
    expect(reader.done).toBe(true);
    expect(await openRuns(["a", "b"], { cursor: "a:gen1-0,b:gen2-0" })).toBeNull();
  });

  it("resets one run that was deleted and created again", async () => {
    const { database, watchRuns, clock } = bound();
    const a = database.addJob("a");
    database.addJob("b");
    const reader = await watchRuns(["a", "b"]);
    database.removeJob(a);
    database.addJob("a");
    await clock.advance(2_000);
    expect(reader.frames.slice(4).map(brief)).toEqual(["a reset", "a snapshot gen3-0"]);
    expect(reader.frames.at(-1)?.id).toBe("a:gen3-0,b:gen2-0");
  });

  it("ends each run for itself, and the stream with the last of them", async () => {
    const { database, watchRuns, clock, hub } = bound();
    const [a, b] = [database.addJob("a"), database.addJob("b")];
    const reader = await watchRuns(["a", "b"]);
    database.insert(a, [status("succeeded")]);
    await clock.advance(2_500);
    expect(reader.of("end").map(({ data }) => data)).toEqual([
      { run: "a", data: { status: "succeeded" } },
    ]);
    expect(reader.done).toBe(false);
    database.insert(b, [event("1"), status("failed")]);
    await clock.advance(2_500);
    expect(reader.frames.slice(-3).map(brief)).toEqual([
      "b event gen2-1",
      "b status gen2-2",
      "b end",
    ]);
    expect(reader.done).toBe(true);
    expect(hub.stats().viewers).toBe(0);
  });

  it("has nothing more to send where all runs ended long ago and the cursor has every row", async () => {
    const { database, openRuns, watchRuns, clock } = bound();
    const [a, b] = [database.addJob("a"), database.addJob("b")];
    database.insert(a, [status("succeeded")]);
    database.insert(b, [status("failed")]);
    const cursor = "a:gen1-1,b:gen2-1";
    expect(await openRuns(["a", "b"], { cursor })).toBeInstanceOf(ReadableStream);
    await clock.advance(120_000);
    expect(await openRuns(["a", "b"], { cursor })).toBe("ended");
    const behind = await watchRuns(["a", "b"], { cursor: "a:gen1-1,b:gen2-0" });
    expect(behind.of("status", "end").map(brief).sort()).toEqual([
      "a end",
      "b end",
      "b status gen2-1",
    ]);
    expect(behind.done).toBe(true);
  });

  it("sends one heartbeat with the cursors of all runs, also past rows that a filter left out", async () => {
    const { database, watchRuns, clock } = bound();
    const [a, b] = [database.addJob("a"), database.addJob("b")];
    const reader = await watchRuns(["a", "b"], { query: "streams=status" });
    database.insert(a, [event("1"), event("2")]);
    database.insert(b, [event("1")]);
    await clock.advance(15_000);
    expect(reader.of("event")).toEqual([]);
    expect(reader.of("heartbeat").map(({ id }) => id)).toEqual(["a:gen1-2,b:gen2-1"]);
  });

  it("applies the filters to every run, and shares reads and bytes with other streams", async () => {
    const { database, watchRuns, watch, clock } = bound();
    const [a, b] = [database.addJob("a"), database.addJob("b")];
    const alone = await watch("a", { query: "streams=metrics&full=1" });
    const readers = [];
    for (let n = 0; n < 5; n += 1) {
      readers.push(await watchRuns(["a", "b"], { query: "streams=metrics&full=1" }));
    }
    await clock.advance(1_000);
    const before = database.reads;
    database.insert(a, [event("1"), metric(1)]);
    database.insert(b, [metric(1)]);
    await clock.advance(30);
    expect(database.reads - before).toBe(2);
    for (const reader of readers) {
      expect(reader.of("event")).toEqual([]);
      expect(reader.of("metrics").map(({ data }) => data)).toEqual([
        { run: "a", cursor: "gen1-2", data: { loss: [[1, 0.1, 1_000, null, null]] } },
        { run: "b", cursor: "gen2-1", data: { loss: [[1, 0.1, 1_000, null, null]] } },
      ]);
    }
    expect(alone.of("metrics")[0]).toMatchObject({ id: "gen1-2" });
  });

  it("disconnects a viewer that leaves a megabyte of all its runs unread", async () => {
    const { database, openRuns, clock, hub } = bound();
    const keys = [database.addJob("a"), database.addJob("b")];
    const stream = await openRuns(["a", "b"]);
    for (let n = 0; n < 8; n += 1) {
      for (const key of keys) database.insert(key, [event("x".repeat(100_000))]);
      await clock.advance(100);
    }
    expect(hub.stats().viewers).toBe(0);
    const late = new FrameReader(stream instanceof ReadableStream ? stream : new ReadableStream());
    await clock.advance(1);
    expect(late.failed).toBe(true);
  });

  it("delivers rows larger than the limit, read together, to a viewer that reads", async () => {
    const { database, watchRuns } = bound();
    const key = database.addJob("a");
    database.insert(key, [event("x".repeat(2_000_000)), event("y".repeat(2_000_000))]);
    const reader = await watchRuns(["a"], { cursor: "a:gen1-0" });
    expect(rowsOf(reader, "a")).toEqual(["gen1-1", "gen1-2"]);
    expect(reader.failed).toBe(false);
  });

  it("catches up with much of many runs without ever queueing more than it may", async () => {
    const { database, watchRuns, clock } = bound();
    const ids = Array.from({ length: 12 }, (_, n) => `run${n}`);
    for (const id of ids) {
      const rows = Array.from({ length: 40 }, () => event("x".repeat(10_000)));
      database.insert(database.addJob(id), rows);
    }
    const cursor = ids.map((id, n) => `${id}:gen${n + 1}-0`).join(",");
    const reader = await watchRuns(ids, { cursor });
    await clock.advance(500);
    expect(reader.failed).toBe(false);
    for (const id of ids) expect(rowsOf(reader, id)).toHaveLength(40);
  });

  it("ends a stream whose credential was revoked at once", async () => {
    const harness = new HubHarness();
    harness.database.addJob("a");
    const reader = await harness.watchRuns(["a"]);
    harness.verdict = "revoked";
    await harness.clock.advance(15_000);
    expect(reader.frames.at(-1)).toMatchObject({ event: "error", data: { code: "unauthorized" } });
    expect(reader.done).toBe(true);
  });

  it("fails the whole stream when the database stays unavailable", async () => {
    const { database, watchRuns, clock } = bound();
    database.addJob("a");
    database.addJob("b");
    const reader = await watchRuns(["a", "b"]);
    database.down = true;
    await clock.advance(10_000);
    expect(reader.of("error")).toHaveLength(1);
    expect(reader.frames.at(-1)?.data).toMatchObject({ code: "backend_unavailable" });
    expect(reader.done).toBe(true);
  });

  it("leaves every channel when the viewer disconnects", async () => {
    const { database, watchRuns, clock, hub } = bound();
    database.addJob("a");
    database.addJob("b");
    const reader = await watchRuns(["a", "b"]);
    expect(hub.stats()).toEqual({ viewers: 1, channels: 2 });
    await reader.cancel();
    await clock.advance(16_000);
    expect(hub.stats()).toEqual({ viewers: 0, channels: 0 });
    expect(database.topics).toEqual([]);
    expect(clock.pending).toBe(0);
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
    watchRuns: harness.watchRuns.bind(harness),
    openRuns: harness.openRuns.bind(harness),
  };
}
