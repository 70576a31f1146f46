import type { ServerEvent } from "@signalbox/protocol/stream/event-source";
import { ManualClock } from "@signalbox/protocol/time/testing/manual-clock";
import { describe, expect, it } from "vitest";
import { FakePage, ScriptServer } from "../testing/script-server.ts";
import type { Sequence } from "./cursor-guard.ts";
import { EventStream } from "./event-stream.ts";

function setup({ after = null as string | null, sequence = "any" as Sequence } = {}) {
  const clock = new ManualClock();
  const server = new ScriptServer();
  const page = new FakePage();
  const messages: ServerEvent[] = [];
  const states: string[] = [];
  const stream = new EventStream({
    url: "http://signalbox.test/stream",
    fetch: server.fetch,
    after,
    sequence,
    clock,
    random: () => 1,
    visibility: page,
    onMessage: (message) => messages.push(message),
    onConnection: ({ state }) => states.push(state),
  });
  const ids = () => messages.map(({ id }) => id);
  return { clock, server, page, messages, states, stream, ids };
}

describe("an event stream", () => {
  it("becomes live with the first bytes and emits messages in order", async () => {
    const { clock, server, messages, stream } = setup();
    expect(stream.connection.state).toBe("idle");
    stream.start();
    expect(stream.connection.state).toBe("connecting");
    server.last.open().send("connected", {}).send("event", { n: 1 }, "gen0-1");
    await clock.advance(1);
    expect(messages.map(({ event }) => event)).toEqual(["connected", "event"]);
    expect(stream.connection).toMatchObject({ state: "live", cursor: "gen0-1" });
    expect(server.last.headers.get("last-event-id")).toBeNull();
  });

  it("reads frames that are cut anywhere, also within a character", async () => {
    const { clock, server, messages, stream } = setup();
    stream.start();
    const bytes = new TextEncoder().encode('id: gen0-1\nevent: event\ndata: {"t":"é€😀"}\n\n');
    server.last.open();
    for (const byte of bytes) server.last.raw(Uint8Array.of(byte));
    await clock.advance(1);
    expect(messages).toEqual([{ event: "event", id: "gen0-1", data: '{"t":"é€😀"}' }]);
  });

  it("resumes after the last whole frame when the connection breaks", async () => {
    const { clock, server, stream, ids } = setup();
    stream.start();
    server.last.open().send("event", {}, "gen0-1").raw('id: gen0-2\nevent: event\ndata: {"ha');
    await clock.advance(1);
    server.last.break();
    await clock.advance(1);
    expect(stream.connection).toMatchObject({ state: "reconnecting", attempt: 1 });
    await clock.advance(250);
    expect(server.last.headers.get("last-event-id")).toBe("gen0-1");
    server.last.open().send("event", {}, "gen0-2");
    await clock.advance(1);
    expect(ids()).toEqual(["gen0-1", "gen0-2"]);
    expect(stream.connection.state).toBe("live");
  });

  it("backs off further with every failure, up to ten seconds", async () => {
    const { clock, server, stream } = setup();
    stream.start();
    const waits = [];
    for (let n = 0; n < 8; n += 1) {
      const count = server.connections.length;
      server.last.fail();
      await clock.advance(0);
      const from = clock.now();
      while (server.connections.length === count) await clock.advance(50);
      waits.push(clock.now() - from);
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it("waits as long as a busy server asks", async () => {
    const { clock, server, stream } = setup();
    stream.start();
    server.last.refuse(503, "backend_unavailable", { "retry-after": "7" });
    await clock.advance(6_999);
    expect(server.connections).toHaveLength(1);
    expect(stream.connection.reason).toBe("refused with 503");
    await clock.advance(1);
    expect(server.connections).toHaveLength(2);
  });

  it.each([401, 403, 404])("gives up after %d and says why", async (status) => {
    const { clock, server, stream } = setup();
    stream.start();
    server.last.refuse(status);
    await clock.advance(120_000);
    expect(server.connections).toHaveLength(1);
    expect(stream.connection).toMatchObject({
      state: "refused",
      httpStatus: status,
      reason: `refused with ${status}`,
    });
    expect(clock.pending).toBe(0);
  });

  it("stops at the end, and opens again on demand from its cursor", async () => {
    const { clock, server, stream } = setup();
    stream.start();
    server.last.open().send("event", {}, "gen0-5").send("end", { status: "failed" });
    await clock.advance(60_000);
    expect(stream.connection.state).toBe("ended");
    expect(server.connections).toHaveLength(1);
    stream.restart();
    expect(server.last.headers.get("last-event-id")).toBe("gen0-5");
    expect(stream.connection.state).toBe("connecting");
  });

  it("is stale after two silent heartbeats, then gives the connection up", async () => {
    const { clock, server, stream, states } = setup();
    stream.start();
    server.last.open().send("connected", {});
    await clock.advance(29_999);
    expect(stream.connection.state).toBe("live");
    await clock.advance(1);
    expect(stream.connection.state).toBe("stale");
    await clock.advance(5_000);
    expect(stream.connection.state).toBe("reconnecting");
    expect(server.connections[0]?.aborted).toBe(true);
    expect(states).toEqual(["connecting", "live", "stale", "reconnecting"]);
  });

  it("is live again when a late heartbeat arrives", async () => {
    const { clock, server, stream } = setup();
    stream.start();
    server.last.open().send("connected", {});
    await clock.advance(31_000);
    server.last.send("heartbeat", {});
    await clock.advance(1);
    expect(stream.connection.state).toBe("live");
    await clock.advance(29_000);
    expect(stream.connection.state).toBe("live");
    expect(server.connections).toHaveLength(1);
  });

  it("gives up a server that accepts and never answers", async () => {
    const { clock, server, stream } = setup();
    stream.start();
    await clock.advance(15_250);
    expect(server.connections).toHaveLength(2);
    expect(server.connections[0]?.aborted).toBe(true);
  });

  it("drops duplicates", async () => {
    const { clock, server, stream, ids } = setup({ after: "gen0-3" });
    stream.start();
    for (const seq of [2, 3, 4, 4, 5]) {
      if (seq === 2) server.last.open();
      server.last.send("event", {}, `gen0-${seq}`);
    }
    await clock.advance(1);
    expect(ids()).toEqual(["gen0-4", "gen0-5"]);
  });

  it("detects a missing row, reads again from the last one, and accepts a gap that persists", async () => {
    const { clock, server, stream, ids } = setup({ after: "gen0-1", sequence: "every" });
    stream.start();
    server.last.open().send("event", {}, "gen0-2").send("event", {}, "gen0-4");
    await clock.advance(250);
    expect(ids()).toEqual(["gen0-2"]);
    expect(server.connections).toHaveLength(2);
    expect(server.last.headers.get("last-event-id")).toBe("gen0-2");
    server.last.open().send("event", {}, "gen0-4").send("event", {}, "gen0-5");
    await clock.advance(1);
    expect(ids()).toEqual(["gen0-2", "gen0-4", "gen0-5"]);
    expect(server.connections).toHaveLength(2);
  });

  it("lets merged metrics frames span rows, and detects a lost row by a heartbeat", async () => {
    const { clock, server, stream, ids } = setup({ after: "gen0-1", sequence: "merged" });
    stream.start();
    server.last.open().send("metrics", {}, "gen0-9").send("event", {}, "gen0-10");
    await clock.advance(1);
    expect(ids()).toEqual(["gen0-9", "gen0-10"]);
    server.last.send("heartbeat", {}, "gen0-12");
    await clock.advance(250);
    expect(server.connections).toHaveLength(2);
    expect(server.last.headers.get("last-event-id")).toBe("gen0-10");
  });

  it("moves its cursor by a heartbeat with an id when rows are filtered", async () => {
    const { clock, server, stream } = setup({ after: "gen0-1" });
    stream.start();
    server.last.open().send("heartbeat", {}, "gen0-900");
    await clock.advance(1);
    expect(stream.connection.cursor).toBe("gen0-900");
  });

  it("drops its cursor at a reset and uses the snapshot's", async () => {
    const { clock, server, stream } = setup({ after: "old0-7" });
    stream.start();
    server.last.open().send("reset", { reason: "generation" });
    await clock.advance(1);
    expect(stream.connection.cursor).toBeNull();
    server.last.send("snapshot", {}, "gen1-3");
    await clock.advance(1);
    expect(stream.connection.cursor).toBe("gen1-3");
  });

  it("is suspended after a minute in a hidden tab and catches up when shown again", async () => {
    const { clock, server, page, stream } = setup();
    stream.start();
    server.last.open().send("event", {}, "gen0-1");
    await clock.advance(1);
    page.set(true);
    await clock.advance(14_000);
    server.last.send("heartbeat", {});
    await clock.advance(15_000);
    server.last.send("heartbeat", {});
    await clock.advance(15_000);
    server.last.send("heartbeat", {});
    await clock.advance(15_999);
    expect(stream.connection.state).toBe("live");
    await clock.advance(1);
    expect(stream.connection).toMatchObject({ state: "idle", cursor: "gen0-1" });
    await clock.advance(3_600_000);
    expect(server.connections).toHaveLength(1);
    page.set(false);
    expect(server.last.headers.get("last-event-id")).toBe("gen0-1");
    expect(server.connections).toHaveLength(2);
  });

  it("gives up its connection at once when hidden and another page is about to connect", async () => {
    const { clock, server, page, stream } = setup();
    stream.start();
    server.last.open().send("event", {}, "gen0-1");
    await clock.advance(1);
    page.slotRequested();
    expect(stream.connection.state).toBe("live");
    page.set(true);
    page.slotRequested();
    expect(stream.connection).toMatchObject({ state: "idle", cursor: "gen0-1" });
    page.set(false);
    expect(server.connections).toHaveLength(2);
    expect(server.last.headers.get("last-event-id")).toBe("gen0-1");
    expect(page.slotRequests).toBe(2);
  });

  it("does not connect in a tab that has not been shown yet", async () => {
    const { clock, server, page, stream } = setup();
    page.set(true);
    stream.start();
    await clock.advance(120_000);
    expect(server.connections).toHaveLength(0);
    expect(page.slotRequests).toBe(0);
    page.set(false);
    expect(server.connections).toHaveLength(1);
  });

  it("is not suspended while its tab is hidden for a short time", async () => {
    const { clock, server, page, stream } = setup();
    stream.start();
    server.last.open().send("event", {}, "gen0-1");
    page.set(true);
    await clock.advance(20_000);
    page.set(false);
    server.last.send("heartbeat", {});
    await clock.advance(20_000);
    server.last.send("heartbeat", {});
    await clock.advance(25_000);
    expect(stream.connection.state).toBe("live");
    expect(server.connections).toHaveLength(1);
  });

  it("retries at once when the page is shown or the network returns", async () => {
    const { clock, server, page, stream } = setup();
    stream.start();
    for (let n = 0; n < 6; n += 1) {
      server.last.fail();
      await clock.advance(n < 5 ? 10_000 : 0);
    }
    const count = server.connections.length;
    page.set(false);
    expect(server.connections).toHaveLength(count + 1);
  });

  it("retries after a 401 when its tab is shown, and not by itself", async () => {
    const { clock, server, page, stream } = setup();
    stream.start();
    server.last.refuse(401);
    await clock.advance(600_000);
    expect(server.connections).toHaveLength(1);
    page.set(true);
    page.set(false);
    expect(server.connections).toHaveLength(2);
    expect(stream.connection.state).toBe("connecting");
  });

  it("does nothing more after it was stopped", async () => {
    const { clock, server, page, messages, stream } = setup();
    stream.start();
    server.last.open().send("event", {}, "gen0-1");
    await clock.advance(1);
    stream.stop();
    server.last.send("event", {}, "gen0-2");
    await clock.advance(120_000);
    expect(messages).toHaveLength(1);
    expect(server.connections).toHaveLength(1);
    expect(stream.connection.state).toBe("idle");
    expect(page.watchers).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it("is refused by an unauthorized frame and reconnects after any other error", async () => {
    const { clock, server, stream } = setup();
    stream.start();
    server.last.open().send("error", { code: "backend_unavailable", message: "gone" });
    await clock.advance(250);
    expect(server.connections).toHaveLength(2);
    server.last.open().send("error", { code: "unauthorized", message: "revoked" });
    await clock.advance(60_000);
    expect(server.connections).toHaveLength(2);
    expect(stream.connection).toMatchObject({ state: "refused", reason: "revoked" });
  });
});
