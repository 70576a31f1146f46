import { ManualClock } from "@signalbox/protocol/time/testing/manual-clock";
import { describe, expect, it } from "vitest";
import { sampleJob } from "../testing/sample-job.ts";
import { ScriptServer } from "../testing/script-server.ts";
import { createJobsStore } from "./jobs-store.ts";

const at = (minute: number) => `2026-11-20T12:${String(minute).padStart(2, "0")}:00.000Z`;
const job = (id: string, minute: number, changes = {}) =>
  sampleJob({ id, created_at: at(minute), ...changes });

async function started() {
  const clock = new ManualClock();
  const server = new ScriptServer();
  const store = createJobsStore({
    fetch: server.fetch,
    clock,
    random: () => 1,
    visibility: { hidden: () => false, subscribe: () => () => {}, requestSlot: () => {} },
  });
  store.subscribe(() => {});
  server.last.open().send("snapshot", { jobs: [job("b", 2), job("a", 1)], total: 2 });
  await clock.advance(100);
  const send = async (event: string, data: unknown) => {
    server.last.send(event, data);
    await clock.advance(100);
    return store.getSnapshot();
  };
  return { clock, server, store, send };
}

describe("the store of all runs", () => {
  it("shows the snapshot newest first", async () => {
    const { store, server } = await started();
    expect(store.getSnapshot()).toMatchObject({ order: ["b", "a"], total: 2 });
    expect(server.last.url).toBe("/api/training/jobs/stream");
  });

  it("adds new runs and updates changed ones, counting only the new", async () => {
    const { send } = await started();
    expect(await send("job", { job: job("a", 1, { last_seq: 7 }) })).toMatchObject({ total: 2 });
    const after = await send("job", { job: job("c", 3) });
    expect(after).toMatchObject({ order: ["c", "b", "a"], total: 3 });
  });

  it("ignores an older view of a run", async () => {
    const { send } = await started();
    await send("job", { job: job("a", 1, { last_seq: 7, status: "succeeded" }) });
    const { jobs } = await send("job", { job: job("a", 1, { last_seq: 6 }) });
    expect(jobs.get("a")?.status).toBe("succeeded");
  });

  it("forgets removed runs, and remembers that they were", async () => {
    const { send } = await started();
    const gone = await send("removed", { id: "a" });
    expect(gone.order).toEqual(["b"]);
    expect(gone.total).toBe(1);
    expect([...gone.removed]).toEqual(["a"]);
    const back = await send("job", { job: job("a", 5, { generation: "gen1" }) });
    expect(back).toMatchObject({ order: ["a", "b"], total: 2 });
    expect(back.removed.size).toBe(0);
  });

  it("starts over with every connection's snapshot", async () => {
    const { clock, server, store } = await started();
    server.last.break();
    await clock.advance(300);
    server.last.open().send("snapshot", { jobs: [job("z", 9)], total: 1 });
    await clock.advance(100);
    expect(store.getSnapshot()).toMatchObject({ order: ["z"], total: 1 });
    expect(server.last.headers.get("last-event-id")).toBeNull();
  });
});
