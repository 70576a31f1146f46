import { describe, expect, it } from "vitest";
import { type FrameReader, HubHarness } from "../testing/hub-harness.ts";
import { owner } from "../testing/memory-database.ts";

const ids = (reader: FrameReader) =>
  reader.of("job").map(({ data }) => (data.job as { id: string }).id);

describe("the stream of all jobs", () => {
  it("begins with the user's own jobs only", async () => {
    const { database, ...harness } = bound();
    database.addJob("a");
    database.addJob("b", {}, "somebody else");
    const reader = await harness.watchList();
    expect(reader.events).toEqual(["connected", "snapshot"]);
    expect(reader.frames[1]?.data).toMatchObject({ total: 1, jobs: [{ id: "a" }] });
  });

  it("sends a changed job and a new one, and nobody else's", async () => {
    const { database, clock, watchList } = bound();
    const key = database.addJob("a");
    const reader = await watchList();
    database.update(key, { name: "renamed" });
    database.addJob("b");
    database.addJob("c", {}, "somebody else");
    await clock.advance(300);
    expect(ids(reader).sort()).toEqual(["a", "b"]);
  });

  it("sends one job at most four times a second, its last state included", async () => {
    const { database, clock, watchList } = bound();
    const key = database.addJob("a");
    const reader = await watchList();
    for (let n = 1; n <= 100; n += 1) {
      database.update(key, { current_step: n });
      await clock.advance(10);
    }
    await clock.advance(300);
    expect(reader.of("job").length).toBeLessThanOrEqual(6);
    expect(reader.frames.at(-1)?.data).toMatchObject({ job: { current_step: 100 } });
  });

  it("sends removals, with and without a notification", async () => {
    const { database, clock, watchList } = bound();
    const first = database.addJob("a");
    const second = database.addJob("b");
    const reader = await watchList();
    database.removeJob(first);
    await clock.advance(300);
    expect(reader.of("removed").map(({ data }) => data.id)).toEqual(["a"]);
    database.delivery = () => ({ lost: true, doubled: false });
    database.removeJob(second);
    await clock.advance(2_000);
    expect(reader.of("removed").map(({ data }) => data.id)).toEqual(["a", "b"]);
  });

  it.each([-5, 5])(
    "finds changes by polling after the clock was set by %i hours",
    async (hours) => {
      const { database, clock, watchList } = bound();
      const key = database.addJob("a");
      const reader = await watchList();
      await clock.advance(2_000);
      database.delivery = () => ({ lost: true, doubled: false });
      clock.setWallTime(hours * 3_600_000);
      database.insert(key, [["event", { type: "note", level: "info", message: "", data: {} }]]);
      await clock.advance(4_000);
      expect(ids(reader)).toEqual(["a"]);
    },
  );

  it("finds changes and new jobs by polling when notifications are lost", async () => {
    const { database, clock, watchList } = bound();
    const key = database.addJob("a");
    const reader = await watchList();
    await clock.advance(2_000);
    database.delivery = () => ({ lost: true, doubled: false });
    database.insert(key, [["event", {}]]);
    database.addJob("b");
    await clock.advance(2_300);
    expect(ids(reader).sort()).toEqual(["a", "b"]);
    await clock.advance(20_000);
    expect(reader.of("job")).toHaveLength(2);
  });

  it("misses nothing that happens while the snapshot is read", async () => {
    const { database, clock, hub, watchList } = bound();
    const key = database.addJob("a");
    await watchList();
    let release = () => {};
    database.latency = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const opening = watchList();
    await clock.advance(0);
    const answerSnapshot = release;
    database.latency = () => Promise.resolve();
    database.update(key, { name: "meanwhile" });
    await clock.advance(300);
    answerSnapshot();
    const reader = await opening;
    await clock.advance(300);
    expect(reader.frames.at(-1)?.data).toMatchObject({ job: { name: "meanwhile" } });
    expect(hub.stats().viewers).toBe(2);
  });

  it("rejects before the stream when the database is down, and leaves nothing behind", async () => {
    const { database, hub } = bound();
    database.down = true;
    const credential = { id: "key", check: async () => "valid" as const };
    await expect(hub.openList({ userId: owner, credential })).rejects.toThrow("down");
    expect(hub.stats().viewers).toBe(0);
  });

  it("sends heartbeats and lets go of everything after the last reader", async () => {
    const { database, clock, watchList } = bound();
    database.addJob("a");
    const reader = await watchList();
    await clock.advance(15_000);
    expect(reader.of("heartbeat")).toHaveLength(1);
    await reader.cancel();
    await clock.advance(30_000);
    expect(database.topics).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

function bound() {
  const harness = new HubHarness();
  const { clock, database, hub } = harness;
  return { clock, database, hub, watchList: harness.watchList.bind(harness) };
}
