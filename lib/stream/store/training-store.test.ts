import type { Command } from "@signalbox/protocol/job/command";
import type { Job } from "@signalbox/protocol/job/job";
import { ManualClock } from "@signalbox/protocol/time/testing/manual-clock";
import { describe, expect, it, vi } from "vitest";
import { sampleJob } from "../testing/sample-job.ts";
import { ScriptServer } from "../testing/script-server.ts";
import { createTrainingStore } from "./training-store.ts";

function setup(initialJob: Job | null = null) {
  const clock = new ManualClock();
  const server = new ScriptServer();
  const store = createTrainingStore("run:1", {
    fetch: server.fetch,
    clock,
    random: () => 1,
    visibility: { hidden: () => false, subscribe: () => () => {}, requestSlot: () => {} },
    initialJob,
  });
  return { clock, server, store };
}

async function started(job = sampleJob({ last_seq: 10 })) {
  const context = setup();
  const listener = vi.fn();
  const unsubscribe = context.store.subscribe(listener);
  const { server, clock } = context;
  server.last.open().send("connected", {
    jobId: "run:1",
    generation: "gen0",
    last_seq: 10,
    timestamp: "",
  });
  server.last.send("snapshot", { job, commands: [] }, "gen0-10");
  await clock.advance(1_000);
  listener.mockClear();
  return { ...context, listener, unsubscribe };
}

const metrics = (step: number, value: unknown = 0.5, name = "train/loss") => ({
  [name]: [[step, value, Date.parse("2026-11-20T12:00:00.900Z")]],
});
const command = (id: string, status: string, requested_at = "2026-11-20T12:00:01.000Z") =>
  ({
    id,
    type: "pause",
    args: {},
    status,
    requested_by: null,
    requested_at,
    delivered_at: null,
    applied_at: null,
    applied_step: null,
    old: null,
    new: null,
    reason: null,
    result: null,
  }) as Command;

describe("a run's store", () => {
  it("opens its stream for the first subscriber and closes it after the last", async () => {
    const { clock, server, store } = setup();
    await clock.advance(1_000);
    expect(server.connections).toHaveLength(0);
    const first = store.subscribe(() => {});
    const second = store.subscribe(() => {});
    expect(server.connections.map(({ url }) => url)).toEqual(["/api/training/jobs/run%3A1/stream"]);
    first();
    first();
    await clock.advance(5_000);
    expect(server.last.aborted).toBe(false);
    second();
    await clock.advance(500);
    expect(server.last.aborted).toBe(false);
    await clock.advance(500);
    expect(server.last.aborted).toBe(true);
    await clock.advance(60_000);
    expect(server.connections).toHaveLength(1);
  });

  it("keeps its connection when one page's component follows another's", async () => {
    const { clock, server, store, unsubscribe } = await started();
    unsubscribe();
    await clock.advance(500);
    store.subscribe(() => {});
    await clock.advance(5_000);
    expect(server.connections).toHaveLength(1);
    expect(server.last.aborted).toBe(false);
  });

  it("resumes by its cursor when it is opened again", async () => {
    const { clock, server, store, unsubscribe } = await started();
    unsubscribe();
    await clock.advance(2_000);
    expect(store.getSnapshot().connection.state).toBe("idle");
    store.subscribe(() => {});
    expect(server.connections).toHaveLength(2);
    expect(server.last.headers.get("last-event-id")).toBe("gen0-10");
  });

  it("shows the job that the page was rendered with until the stream sends a newer one", async () => {
    const { clock, server, store } = setup(sampleJob({ name: "from the page", last_seq: 4 }));
    expect(store.getSnapshot().job?.name).toBe("from the page");
    store.subscribe(() => {});
    server.last
      .open()
      .send("snapshot", { job: sampleJob({ name: "live", last_seq: 5 }) }, "gen0-5");
    await clock.advance(100);
    expect(store.getSnapshot().job?.name).toBe("live");
  });

  it("notifies of the first change at once and of the next ones ten times a second", async () => {
    const { clock, server, listener } = await started();
    for (let n = 1; n <= 100; n += 1) {
      server.last.send("metrics", metrics(n), `gen0-${10 + n}`);
      await clock.advance(10);
    }
    expect(listener.mock.calls.length).toBeGreaterThanOrEqual(9);
    expect(listener.mock.calls.length).toBeLessThanOrEqual(14);
  });

  it("keeps the identity of what has not changed", async () => {
    const { clock, server, store } = await started();
    const before = store.getSnapshot();
    expect(store.getSnapshot()).toBe(before);
    server.last.send("logs", { lines: [line(1)], total_lines: 1 }, "gen0-11");
    await clock.advance(100);
    const after = store.getSnapshot();
    expect(after.logs).not.toBe(before.logs);
    expect(after.series).toBe(before.series);
    expect(after.job).toBe(before.job);
    expect(after.activity).toBe(before.activity);
  });

  it("collects points by series, NaN included, with seq and version", async () => {
    const { clock, server, store } = await started();
    server.last.send("metrics", metrics(0, "NaN"), "gen0-11");
    server.last.send("metrics", metrics(1, 2.5), "gen0-12");
    server.last.send("metrics", metrics(1, 7, "eval/loss"), "gen0-13");
    await clock.advance(100);
    const { series, job, connection } = store.getSnapshot();
    expect(series.get("train/loss")).toMatchObject({
      steps: [0, 1],
      values: [Number.NaN, 2.5],
      seqs: [11, 12],
      version: 2,
      droppedBefore: null,
    });
    expect(job).toMatchObject({ current_step: 1, last_seq: 13, progress: 0.01 });
    expect(job?.latest).toMatchObject({ "train/loss": 2.5, "eval/loss": 7 });
    expect(connection.lagMs).toBeGreaterThanOrEqual(0);
  });

  it("takes the state from status rows, and never replaces a newer one with an older one", async () => {
    const { clock, server, store } = await started();
    const status = { from: "running", reason: null, actor: null, attempt: 1, created_at: "" };
    server.last.send("status", { ...status, seq: 11, to: "pausing" }, "gen0-11");
    server.last.send(
      "status",
      { ...status, seq: 12, to: "paused", job: sampleJob({ status: "paused", last_seq: 12 }) },
      "gen0-12",
    );
    server.last.send("job", { job: sampleJob({ status: "running", name: "new", last_seq: 9 }) });
    await clock.advance(100);
    const { job, activity } = store.getSnapshot();
    expect(job).toMatchObject({ status: "paused", name: "new", last_seq: 12 });
    expect(activity).toMatchObject([
      { kind: "status", seq: 11, to: "pausing" },
      { kind: "status", seq: 12, to: "paused" },
    ]);
    expect(activity[1]).not.toHaveProperty("job");
  });

  it("applies progress that has no row", async () => {
    const { clock, server, store } = await started();
    server.last.send("progress", {
      progress: 0.25,
      phase: "evaluating",
      current_step: 25,
      total_steps: 100,
      current_epoch: 2,
      total_epochs: 8,
      last_seq: 10,
      heartbeat_at: null,
      updated_at: "",
      active_seconds: 3,
    });
    await clock.advance(200);
    expect(store.getSnapshot().job).toMatchObject({ phase: "evaluating", current_epoch: 2 });
  });

  it("shows a requested command at once and keeps the stream's later status", async () => {
    const { clock, server, store } = await started();
    store.addCommand(command("c1", "pending"));
    await clock.advance(100);
    expect(store.getSnapshot().commands).toMatchObject([{ id: "c1", status: "pending" }]);
    server.last.send("command", command("c1", "applied"), "gen0-11");
    server.last.send("command", command("c0", "applied", "2026-11-20T11:00:00.000Z"), "gen0-12");
    store.addCommand(command("c1", "delivered"));
    await clock.advance(100);
    expect(store.getSnapshot().commands).toMatchObject([
      { id: "c1", status: "applied" },
      { id: "c0", status: "applied" },
    ]);
  });

  it("clears everything at a reset and begins with the new generation", async () => {
    const { clock, server, store } = await started();
    server.last.send("metrics", metrics(1), "gen0-11");
    server.last.send("reset", { reason: "generation" });
    const job = sampleJob({ generation: "gen9", last_seq: 2 });
    server.last.send("snapshot", { job, commands: [] }, "gen9-2");
    server.last.send("metrics", metrics(5), "gen9-3");
    await clock.advance(200);
    const { series, job: shown, connection } = store.getSnapshot();
    expect(series.get("train/loss")?.steps).toEqual([5]);
    expect(shown?.generation).toBe("gen9");
    expect(connection.cursor).toBe("gen9-3");
  });

  it("keeps the newest 5,000 log lines and counts all", async () => {
    const { clock, server, store } = await started();
    for (let batch = 0; batch < 6; batch += 1) {
      const lines = Array.from({ length: 1000 }, (_, n) => line(batch * 1000 + n + 1));
      server.last.send("logs", { lines, total_lines: (batch + 1) * 1000 }, `gen0-${11 + batch}`);
    }
    await clock.advance(200);
    const { logs } = store.getSnapshot();
    expect(logs.totalLines).toBe(6000);
    expect(logs.lines).toHaveLength(5000);
    expect(logs.lines[0]?.line).toBe(1001);
  });

  it("passes over frames that it does not know, but not over their cursor", async () => {
    const { clock, server, store } = await started();
    server.last.send("weather", { rain: true }, "gen0-11");
    server.last.send("event", { seq: 12, type: "t" }, "gen0-12");
    await clock.advance(200);
    expect(store.getSnapshot().connection).toMatchObject({ state: "live", cursor: "gen0-12" });
    expect(store.getSnapshot().activity).toEqual([]);
  });

  it("follows an ended run again when a command or another source shows that it is active", async () => {
    for (const revive of ["command", "job"]) {
      const { clock, server, store } = await started();
      server.last.send("end", { status: "failed" });
      await clock.advance(200);
      store.applyJob(sampleJob({ status: "failed", last_seq: 11 }));
      expect(server.connections).toHaveLength(1);
      if (revive === "command") store.addCommand(command("c1", "pending"));
      else store.applyJob(sampleJob({ status: "queued", last_seq: 12 }));
      expect(server.connections).toHaveLength(2);
      expect(server.last.headers.get("last-event-id")).toBe("gen0-10");
    }
  });

  it("watches an ended run by another source, and only while it has subscribers", async () => {
    const clock = new ManualClock();
    const server = new ScriptServer();
    let watching = 0;
    let emit: (job: Job) => void = () => {};
    const store = createTrainingStore("run:1", {
      fetch: server.fetch,
      clock,
      visibility: { hidden: () => false, subscribe: () => () => {}, requestSlot: () => {} },
      watchEnded: (onJob) => {
        watching += 1;
        emit = onJob;
        return () => {
          watching -= 1;
        };
      },
    });
    const unsubscribe = store.subscribe(() => {});
    server.last.open().send("end", { status: "failed" });
    await clock.advance(200);
    expect(watching).toBe(1);
    emit(sampleJob({ status: "running", last_seq: 20 }));
    expect(watching).toBe(0);
    expect(server.connections).toHaveLength(2);
    server.last.open().send("end", { status: "succeeded" });
    await clock.advance(200);
    expect(watching).toBe(1);
    unsubscribe();
    await clock.advance(2_000);
    expect(watching).toBe(0);
  });

  it("opens an ended run's stream again on demand", async () => {
    const { clock, server, store } = await started();
    server.last.send("end", { status: "failed" });
    await clock.advance(200);
    expect(store.getSnapshot().connection.state).toBe("ended");
    store.restart();
    await clock.advance(200);
    expect(store.getSnapshot().connection.state).toBe("connecting");
    expect(server.connections).toHaveLength(2);
  });
});

const line = (n: number) => ({ line: n, stream: "stdout", text: `line ${n}`, ts: "" });
