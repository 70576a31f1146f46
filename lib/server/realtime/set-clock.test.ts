import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "./source/feed.ts";
import { TopicSubscriptions } from "./source/topic-subscriptions.ts";
import { createStreamHub } from "./stream-hub.ts";
import { FrameReader } from "./testing/hub-harness.ts";
import { MemoryDatabase, owner } from "./testing/memory-database.ts";
import { parseStreamFilter } from "./testing/parse-stream-filter.ts";

// Only the time of day is faked, as a person sets it: timers and the monotonic clock go on.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

const credential = { id: "key", check: async () => "valid" as const };

describe.each([-5, 5])("after the machine's clock was set by %i hours", (hours) => {
  function watched() {
    const database = new MemoryDatabase(() => Date.now());
    const key = database.addJob("a");
    const notifier = new TopicSubscriptions(database.notifier, systemClock, 5_000);
    const hub = createStreamHub({ feed: database.feed, notifier });
    const note = (message: string) =>
      database.insert(key, [["event", { type: "note", level: "info", message, data: {} }]]);
    const setClock = () => void vi.setSystemTime(Date.now() + hours * 3_600_000);
    return { hub, note, setClock };
  }

  it("a run's stream goes on", async () => {
    const { hub, note, setClock } = watched();
    const filter = parseStreamFilter(new URLSearchParams());
    const stream = await hub.openJob({
      userId: owner,
      jobId: "a",
      cursor: null,
      filter,
      credential,
    });
    const reader = new FrameReader(stream as ReadableStream<Uint8Array>);
    const messages = () => reader.of("event").map(({ data }) => data.message);
    note("before");
    await expect.poll(messages).toEqual(["before"]);
    setClock();
    note("after");
    await expect.poll(messages, { timeout: 3_000 }).toEqual(["before", "after"]);
    hub.shutdown();
  });

  it("the stream of all runs goes on", async () => {
    const { hub, note, setClock } = watched();
    const reader = new FrameReader(await hub.openList({ userId: owner, credential }));
    note("before");
    await expect.poll(() => reader.of("job").length).toBe(1);
    setClock();
    note("after");
    await expect.poll(() => reader.of("job").length, { timeout: 3_000 }).toBe(2);
    hub.shutdown();
  });
});
