import { ManualClock } from "@signalbox/protocol/time/testing/manual-clock";
import { describe, expect, it } from "vitest";
import { sampleJob } from "../testing/sample-job.ts";
import { ScriptServer } from "../testing/script-server.ts";
import { createRunsStore, type FollowedRun } from "./runs-store.ts";

const run = (id: string, changes: Partial<FollowedRun> = {}): FollowedRun => ({
  id,
  generation: "gen1",
  lastSeq: 10,
  active: true,
  ...changes,
});

function setup() {
  const clock = new ManualClock();
  const server = new ScriptServer();
  const store = createRunsStore({
    fetch: server.fetch,
    clock,
    random: () => 1,
    visibility: { hidden: () => false, subscribe: () => () => {}, requestSlot: () => {} },
  });
  let changes = 0;
  const subscribe = () =>
    store.subscribe(() => {
      changes += 1;
    });
  const runsAsked = () => new URL(server.last.url, "http://x").searchParams.get("runs");
  const cursorSent = () => server.last.headers.get("last-event-id");
  const send = async (event: string, id: string, data: unknown, cursor?: string) => {
    server.last.send(event, { run: id, cursor, data });
    await clock.advance(1);
  };
  const points = (id: string, seq: number, ...steps: number[]) =>
    send(
      "metrics",
      id,
      { loss: steps.map((step) => [step, step / 10, step * 1_000, 1, null]) },
      `gen1-${seq}`,
    );
  const steps = (id: string, generation = "gen1") => store.tail({ id, generation }, "loss")?.steps;
  return {
    clock,
    server,
    store,
    subscribe,
    send,
    points,
    steps,
    runsAsked,
    cursorSent,
    changed: () => changes,
  };
}

describe("the store of several runs' points", () => {
  it("opens one connection for all of them, from where each was read, while somebody subscribes", async () => {
    const { server, store, subscribe, clock, runsAsked, cursorSent } = setup();
    store.follow([run("a"), run("b", { generation: "gen2", lastSeq: 4 })]);
    expect(server.connections).toHaveLength(0);
    const leave = subscribe();
    expect(server.connections).toHaveLength(1);
    expect(runsAsked()).toBe("a,b");
    expect(server.last.url).toContain("streams=metrics&full=1");
    expect(cursorSent()).toBe("a:gen1-10,b:gen2-4");
    leave();
    await clock.advance(1_000);
    expect(server.last.aborted).toBe(true);
  });

  it("notifies when it begins to follow a run: from then on it says where the tail begins", () => {
    const { store, subscribe, changed } = setup();
    subscribe();
    store.follow([run("a", { active: false })]);
    expect(changed()).toBe(1);
    expect(store.completeFrom(run("a"), "loss")).toBe(10);
    store.follow([run("a", { active: false })]);
    expect(changed()).toBe(1);
  });

  it("keeps each run's points apart, with seq, time and epoch", async () => {
    const { server, store, subscribe, points, steps } = setup();
    store.follow([run("a"), run("b")]);
    subscribe();
    server.last.open();
    await points("a", 11, 1, 2);
    await points("b", 11, 7);
    expect(store.tail(run("a"), "loss")).toEqual({
      steps: [1, 2],
      values: [0.1, 0.2],
      seqs: [11, 11],
      times: [1_000, 2_000],
      epochs: [1, 1],
      from: null,
    });
    expect(steps("b")).toEqual([7]);
    expect(store.tail(run("a"), "accuracy")).toBeNull();
    expect(store.completeFrom(run("a"), "loss")).toBe(10);
    expect(store.completeFrom(run("c"), "loss")).toBeNull();
  });

  it("notifies of a first change at once and of many about once a second", async () => {
    const { server, store, subscribe, points, changed, clock } = setup();
    store.follow([run("a")]);
    subscribe();
    server.last.open();
    await points("a", 11, 1);
    expect(changed()).toBe(1);
    for (let seq = 12; seq < 112; seq += 1) {
      await points("a", seq, seq);
      await clock.advance(99);
    }
    expect(changed()).toBeGreaterThan(8);
    expect(changed()).toBeLessThan(16);
  });

  it("drops what comes again and resumes every run after its own last row", async () => {
    const { server, store, subscribe, points, steps, clock, cursorSent } = setup();
    store.follow([run("a"), run("b")]);
    subscribe();
    server.last.open();
    await points("a", 11, 1);
    await points("a", 11, 1);
    await points("b", 10, 9);
    await points("b", 12, 2);
    server.last.break();
    await clock.advance(251);
    expect(cursorSent()).toBe("a:gen1-11,b:gen1-12");
    server.last.open();
    await points("a", 11, 1);
    await points("a", 12, 3);
    expect(steps("a")).toEqual([1, 3]);
    expect(steps("b")).toEqual([2]);
  });

  it("moves every cursor by a heartbeat, past rows that the filter left out", async () => {
    const { server, store, subscribe, clock, cursorSent } = setup();
    store.follow([run("a"), run("b")]);
    subscribe();
    const timestamp = new Date(0).toISOString();
    server.last.open().send("heartbeat", { timestamp }, "a:gen1-30,b:gen1-40");
    await clock.advance(1);
    server.last.break();
    await clock.advance(251);
    expect(cursorSent()).toBe("a:gen1-30,b:gen1-40");
  });

  it("starts one run over after its reset and leaves the others", async () => {
    const { server, store, subscribe, points, send, steps } = setup();
    store.follow([run("a"), run("b")]);
    subscribe();
    server.last.open();
    await points("a", 11, 1);
    await points("b", 11, 1);
    await send("reset", "a", { reason: "generation" });
    const job = sampleJob({ id: "a", generation: "gen9", last_seq: 3 });
    await send("snapshot", "a", { job, commands: [] }, "gen9-3");
    expect(steps("a", "gen9")).toBeUndefined();
    const again = run("a", { generation: "gen9" });
    expect(store.completeFrom(again, "loss")).toBe(3);
    await send("metrics", "a", { loss: [[5, 1, 5_000]] }, "gen9-4");
    expect(steps("a", "gen9")).toEqual([5]);
    // Whoever still holds the old generation's history gets none of the new points.
    expect(steps("a")).toBeUndefined();
    expect(store.completeFrom(run("a"), "loss")).toBeNull();
    expect(steps("b")).toEqual([1]);
  });

  it("connects anew for further runs, keeping what it has, and not for fewer rows to come", async () => {
    const { server, store, subscribe, points, steps, runsAsked, cursorSent } = setup();
    store.follow([run("a")]);
    subscribe();
    server.last.open();
    await points("a", 11, 1);
    store.follow([run("a", { lastSeq: 11 })]);
    expect(server.connections).toHaveLength(1);
    store.follow([run("a"), run("b", { lastSeq: 5 })]);
    expect(server.connections).toHaveLength(2);
    expect(runsAsked()).toBe("a,b");
    expect(cursorSent()).toBe("a:gen1-11,b:gen1-5");
    expect(steps("a")).toEqual([1]);
    store.follow([run("b", { lastSeq: 5 })]);
    expect(runsAsked()).toBe("b");
    expect(steps("a")).toBeUndefined();
  });

  it("asks for no run that has ended, and stops when the last one does", async () => {
    const { server, store, subscribe, send, points, runsAsked, clock } = setup();
    store.follow([run("a"), run("b"), run("over", { active: false })]);
    subscribe();
    expect(runsAsked()).toBe("a,b");
    server.last.open();
    await points("a", 11, 1);
    await send("end", "a", { status: "succeeded" });
    // The list of runs may say for a moment that it goes on.
    store.follow([run("a", { lastSeq: 11 }), run("b"), run("over", { active: false })]);
    expect(server.connections).toHaveLength(1);
    await send("end", "b", { status: "failed" });
    expect(server.last.aborted).toBe(true);
    await clock.advance(60_000);
    expect(server.connections).toHaveLength(1);
  });

  it("follows a run again that was resumed after its end", async () => {
    const { server, store, subscribe, send, runsAsked, cursorSent } = setup();
    store.follow([run("a")]);
    subscribe();
    server.last.open();
    await send("end", "a", { status: "failed" });
    store.follow([run("a", { lastSeq: 12 })]);
    expect(server.connections).toHaveLength(2);
    expect(runsAsked()).toBe("a");
    expect(cursorSent()).toBe("a:gen1-10");
  });

  it("goes on with the others when a run is removed, and does not ask for it again", async () => {
    const { server, store, subscribe, points, steps, runsAsked, clock } = setup();
    store.follow([run("a"), run("b")]);
    subscribe();
    server.last.open().send("removed", { run: "a" });
    await clock.advance(1);
    await points("b", 11, 1);
    expect(steps("b")).toEqual([1]);
    store.follow([run("b"), run("c")]);
    expect(runsAsked()).toBe("b,c");
  });

  it("does not reconnect after 204: nothing more will come", async () => {
    const { server, store, subscribe, clock } = setup();
    store.follow([run("a")]);
    subscribe();
    server.last.end();
    await clock.advance(60_000);
    expect(server.connections).toHaveLength(1);
  });

  it("opens a second connection for more runs than one carries", () => {
    const { server, store, subscribe, runsAsked } = setup();
    store.follow(Array.from({ length: 60 }, (_, n) => run(`run${n}`)));
    subscribe();
    expect(server.connections).toHaveLength(2);
    expect(runsAsked()?.split(",")).toHaveLength(10);
  });
});
