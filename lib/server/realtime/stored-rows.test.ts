import { describe, expect, it } from "vitest";
import { HubHarness } from "./testing/hub-harness.ts";

const note = (n: number): ["event", Record<string, unknown>] => [
  "event",
  { type: "note", level: "info", message: `n${n}`, data: {}, created_at: "" },
];
const notes = (count: number) => Array.from({ length: count }, (_, n) => note(n + 1));
const ended: ["status", Record<string, unknown>] = [
  "status",
  { from: "running", to: "succeeded", reason: null, actor: null, attempt: 1, created_at: "" },
];

describe("a stream that does not follow", () => {
  it("closes after the snapshot where there is no cursor", async () => {
    const harness = new HubHarness();
    const key = harness.database.addJob("a");
    harness.database.insert(key, notes(2));
    const reader = await harness.watch("a", { follow: false });
    expect(reader.events).toEqual(["connected", "snapshot"]);
    expect(reader).toMatchObject({ done: true, failed: false });
  });

  it("sends every row after the cursor, over many pages, and the job, and closes", async () => {
    const harness = new HubHarness();
    const key = harness.database.addJob("a");
    harness.database.insert(key, notes(2_500));
    const reader = await harness.watch("a", { cursor: "gen1-100", follow: false });
    expect(reader.of("event").map(({ id }) => id)).toEqual(
      Array.from({ length: 2_400 }, (_, n) => `gen1-${n + 101}`),
    );
    expect(reader.events.at(-1)).toBe("job");
    expect(reader.done).toBe(true);
  });

  it("has the newest rows even where another viewer's tail has not read them yet", async () => {
    const harness = new HubHarness();
    const key = harness.database.addJob("a");
    await harness.watch("a");
    harness.database.delivery = () => ({ lost: true, doubled: false });
    harness.database.insert(key, notes(3));
    const reader = await harness.watch("a", { cursor: "gen1-0", follow: false });
    expect(reader.of("event")).toHaveLength(3);
    expect(reader.done).toBe(true);
  });

  it("moves the cursor over rows that a filter leaves out", async () => {
    const harness = new HubHarness();
    const key = harness.database.addJob("a");
    harness.database.insert(key, notes(5));
    const query = "streams=metrics";
    const reader = await harness.watch("a", { cursor: "gen1-0", query, follow: false });
    expect(reader.events).toEqual(["connected", "heartbeat"]);
    expect(reader.frames.at(-1)?.id).toBe("gen1-5");
  });

  it("says that a run has ended once nothing more will come", async () => {
    const harness = new HubHarness();
    const key = harness.database.addJob("a");
    harness.database.insert(key, [note(1), ended]);
    const reader = await harness.watch("a", { cursor: "gen1-0", follow: false });
    expect(reader.events).toEqual(["connected", "event", "status", "job"]);
    await harness.clock.advance(1_500);
    expect(await harness.open("a", { cursor: "gen1-2", follow: false })).toBe("ended");
  });

  it("sends what several runs have, and closes after the last", async () => {
    const harness = new HubHarness();
    for (const id of ["a", "b"]) harness.database.insert(harness.database.addJob(id), notes(1_200));
    const cursor = "a:gen1-0,b:gen2-1000";
    const reader = await harness.watchRuns(["a", "b"], { cursor, follow: false });
    expect(reader.of("event")).toHaveLength(1_400);
    expect(reader.of("event").at(-1)?.id).toBe("a:gen1-1200,b:gen2-1200");
    expect(reader).toMatchObject({ done: true, failed: false });
  });

  it("closes after the list of runs", async () => {
    const harness = new HubHarness();
    harness.database.addJob("a");
    const reader = await harness.watchList(undefined, false);
    expect(reader.events).toEqual(["connected", "snapshot"]);
    expect(reader.done).toBe(true);
  });

  it("leaves nothing behind", async () => {
    const harness = new HubHarness();
    harness.database.addJob("a");
    await harness.watch("a", { follow: false });
    await harness.watchRuns(["a"], { follow: false });
    await harness.clock.advance(30_000);
    expect(harness.hub.stats()).toEqual({ viewers: 0, channels: 0 });
    // Only what ends a stream whose last bytes nobody takes may be pending, and is over by then.
    await harness.clock.advance(60_000);
    expect(harness.clock.pending).toBe(0);
  });
});
