import { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createZstdDecompress } from "node:zlib";
import { describe, expect, it } from "vitest";
import { limits } from "../source/feed.ts";
import { HubHarness } from "../testing/hub-harness.ts";

const decoders = { gzip: createGunzip, br: createBrotliDecompress, zstd: createZstdDecompress };
type Coding = keyof typeof decoders;

/** Opens a run's stream and reads frames one by one, as they can be decoded. */
async function open(harness: HubHarness, encoding: Coding, cursor: string | null = null) {
  const stream = await harness.open("a", { encoding, cursor });
  if (!(stream instanceof ReadableStream)) throw new Error(`no stream: ${stream}`);
  const decoded = Readable.fromWeb(stream as never).pipe(decoders[encoding]());
  const frames = (async function* () {
    let text = "";
    for await (const part of decoded) {
      text += String(part);
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      yield* blocks;
    }
  })();
  /** The first field lines of the next frame; null at the body's sound end. */
  return async () => {
    const { value, done } = await frames.next();
    return done ? null : String(value).replace(/\ndata: .*/, "");
  };
}

const event = { type: "note", level: "info", message: "x".repeat(300), data: {} };

describe.each(["gzip", "br", "zstd"] as const)("a viewer that accepts %s", (coding) => {
  it("gets each row, each heartbeat and the end as soon as they are sent", async () => {
    const harness = new HubHarness();
    const key = harness.database.addJob("a");
    const next = await open(harness, coding);
    expect(await next()).toBe("event: connected");
    expect(await next()).toMatch(/^id: gen1-\d+\nevent: snapshot$/);
    for (const seq of [1, 2, 3]) {
      harness.database.insert(key, [["event", event]]);
      const frame = next();
      await harness.clock.advance(20);
      expect(await frame).toBe(`id: gen1-${seq}\nevent: event`);
    }
    for (let n = 0; n < 2; n += 1) {
      const heartbeat = next();
      await harness.clock.advance(15_000);
      expect(await heartbeat).toMatch(/event: heartbeat$/);
    }
    harness.hub.shutdown();
    expect(await next()).toBeNull();
  });

  it("resumes after its cursor", async () => {
    const harness = new HubHarness();
    const key = harness.database.addJob("a");
    harness.database.insert(key, [
      ["event", event],
      ["event", event],
    ]);
    const next = await open(harness, coding, "gen1-1");
    expect(await next()).toBe("event: connected");
    expect(await next()).toBe("id: gen1-2\nevent: event");
    harness.hub.shutdown();
  });

  it("is disconnected with a megabyte unread, counted before compression", async () => {
    const harness = new HubHarness();
    const key = harness.database.addJob("a");
    let disconnected = 0;
    await harness.open("a", { encoding: coding, disconnect: () => (disconnected += 1) });
    const fitting = Math.floor(limits.unreadBytes / 100_000);
    const insert = async () => {
      harness.database.insert(key, [["event", { ...event, message: "x".repeat(100_000) }]]);
      await harness.clock.advance(60);
    };
    for (let n = 0; n < fitting; n += 1) await insert();
    expect(disconnected).toBe(0);
    for (let n = 0; n < 2; n += 1) await insert();
    expect(disconnected).toBe(1);
    expect(harness.hub.stats().viewers).toBe(0);
  });
});
