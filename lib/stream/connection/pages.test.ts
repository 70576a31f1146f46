import { ManualClock } from "@signalbox/protocol/time/testing/manual-clock";
import { describe, expect, it } from "vitest";
import { FakePage, ScriptServer } from "../testing/script-server.ts";
import type { ConnectionSlots, Release } from "./connection-slots.ts";
import { EventStream } from "./event-stream.ts";

function setup(slots?: ConnectionSlots) {
  const clock = new ManualClock();
  const server = new ScriptServer();
  const ids: (string | null)[] = [];
  const stream = new EventStream({
    url: "http://signalbox.test/stream?streams=event",
    fetch: server.fetch,
    clock,
    random: () => 1,
    visibility: new FakePage(),
    ...(slots ? { slots } : {}),
    onMessage: ({ id }) => void (id && ids.push(id)),
  });
  /** Answers the request that is open with a page of rows. */
  const answerPage = async (...seqs: number[]) => {
    const connection = server.last.open().send("connected", {});
    for (const seq of seqs) connection.send("event", {}, `gen0-${seq}`);
    connection.close();
    await clock.advance(1);
  };
  const isPage = () => new URL(server.last.url).searchParams.get("follow") === "0";
  return { clock, server, stream, ids, answerPage, isPage };
}

/** Slots of which `free` can be taken. */
class FakeSlots implements ConnectionSlots {
  #waiting: ((release: Release) => void)[] = [];
  free: number;

  constructor(free: number) {
    this.free = free;
  }

  acquire(): Promise<Release> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve(() => this.giveBack());
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  giveBack(): void {
    const next = this.#waiting.shift();
    if (next) next(() => this.giveBack());
    else this.free += 1;
  }
}

describe("a stream that is held back", () => {
  it("goes on page by page from its cursor, and says so", async () => {
    const { clock, server, stream, ids, answerPage, isPage } = setup();
    stream.start();
    server.last.open();
    await clock.advance(15_250);
    expect(isPage()).toBe(true);
    expect(new URL(server.last.url).searchParams.get("streams")).toBe("event");
    await answerPage(1, 2);
    expect(stream.connection).toMatchObject({ state: "polling", cursor: "gen0-2" });
    expect(stream.connection.reason).toMatch(/holds the live stream back.*every 2 s/);
    await clock.advance(2_000);
    expect(isPage()).toBe(true);
    expect(server.last.headers.get("last-event-id")).toBe("gen0-2");
    await answerPage(3);
    expect(ids).toEqual(["gen0-1", "gen0-2", "gen0-3"]);
  });

  it("is noticed, too, where the first bytes get through but never a heartbeat", async () => {
    const { clock, server, stream, answerPage, isPage } = setup();
    stream.start();
    for (let n = 0; n < 2; n += 1) {
      expect(isPage()).toBe(false);
      server.last.open().send("connected", {}).send("event", {}, "gen0-1");
      await clock.advance(36_000);
    }
    expect(isPage()).toBe(true);
    await answerPage(2);
    expect(stream.connection.state).toBe("polling");
  });

  it("is not assumed when a connection dies that had brought heartbeats", async () => {
    const { clock, server, stream, isPage } = setup();
    stream.start();
    for (let n = 0; n < 3; n += 1) {
      server.last.open().send("connected", {});
      await clock.advance(15_000);
      server.last.send("heartbeat", {});
      await clock.advance(36_000);
      expect(isPage()).toBe(false);
    }
    expect(stream.connection.state).not.toBe("polling");
  });

  it("is tried again after a minute, while pages go on if it still is", async () => {
    const { clock, server, stream, answerPage, isPage } = setup();
    stream.start();
    server.last.open();
    await clock.advance(15_250);
    await answerPage(1);
    while (isPage()) {
      await clock.advance(2_000);
      if (isPage()) await answerPage();
    }
    expect(clock.now()).toBeGreaterThan(60_000);
    expect(stream.connection.state).toBe("polling");
    // Nothing comes for five seconds.
    await clock.advance(5_300);
    expect(isPage()).toBe(true);
    await answerPage(2);
    while (isPage()) {
      await clock.advance(2_000);
      if (isPage()) await answerPage();
    }
    server.last.open().send("connected", {}).send("event", {}, "gen0-3");
    await clock.advance(1);
    expect(stream.connection).toMatchObject({ state: "live", reason: null, cursor: "gen0-3" });
  });

  it("reconnects as ever when the pages fail as well", async () => {
    const { clock, server, stream, isPage } = setup();
    stream.start();
    server.last.open();
    await clock.advance(15_250);
    expect(isPage()).toBe(true);
    server.last.fail();
    await clock.advance(1_000);
    expect(isPage()).toBe(false);
    expect(stream.connection.state).toBe("reconnecting");
  });

  it("ends with the run", async () => {
    const { clock, server, stream, answerPage } = setup();
    stream.start();
    server.last.open();
    await clock.advance(15_250);
    await answerPage(1);
    await clock.advance(2_000);
    server.last.end();
    await clock.advance(1);
    expect(stream.connection.state).toBe("ended");
    expect(clock.pending).toBe(0);
  });
});

describe("a stream without a connection slot", () => {
  it("asks for pages until there is one", async () => {
    const slots = new FakeSlots(0);
    const { clock, server, stream, ids, answerPage, isPage } = setup(slots);
    stream.start();
    await clock.advance(250);
    expect(isPage()).toBe(true);
    await answerPage(1);
    expect(stream.connection).toMatchObject({ state: "polling" });
    expect(stream.connection.reason).toMatch(/Other windows/);
    slots.giveBack();
    await clock.advance(1);
    expect(isPage()).toBe(false);
    server.last.open().send("connected", {}).send("event", {}, "gen0-2");
    await clock.advance(1);
    expect(ids).toEqual(["gen0-1", "gen0-2"]);
    expect(stream.connection).toMatchObject({ state: "live", reason: null });
  });

  it("gives its slot back when it stops, ends or is refused", async () => {
    const slots = new FakeSlots(1);
    const { clock, server, stream } = setup(slots);
    for (const close of [
      () => stream.stop(),
      () => server.last.open().send("end", { status: "succeeded" }),
      () => server.last.refuse(404, "not_found"),
    ]) {
      stream.start();
      await clock.advance(1);
      expect(slots.free).toBe(0);
      close();
      await clock.advance(1);
      expect(slots.free).toBe(1);
    }
  });

  it("takes none that comes after it was stopped", async () => {
    const slots = new FakeSlots(0);
    const { clock, server, stream } = setup(slots);
    stream.start();
    stream.stop();
    slots.giveBack();
    await clock.advance(1_000);
    expect(slots.free).toBe(1);
    expect(server.connections).toHaveLength(0);
  });
});
