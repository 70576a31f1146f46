import { ManualClock } from "@signalbox/protocol/time/testing/manual-clock";
import type { StreamEncoding } from "../encoding/accepted-encoding.ts";
import type { HubTiming } from "../source/feed.ts";
import { TopicSubscriptions } from "../source/topic-subscriptions.ts";
import { createStreamHub, type StreamHub } from "../stream-hub.ts";
import { MemoryDatabase, owner } from "./memory-database.ts";
import { parseStreamFilter } from "./parse-stream-filter.ts";

export interface ReadFrame {
  event: string;
  id: string | null;
  data: Record<string, unknown>;
}

/** Reads a stream's frames as they come; `frames` grows until `done`. */
export class FrameReader {
  readonly frames: ReadFrame[] = [];
  done = false;
  failed = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #text = "";

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
    void this.#pump();
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }

  /** Frames of some kinds, in order. */
  of(...events: string[]): ReadFrame[] {
    return this.frames.filter(({ event }) => events.includes(event));
  }

  get events(): string[] {
    return this.frames.map(({ event }) => event);
  }

  async #pump(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        this.#text += decoder.decode(value, { stream: true });
        const blocks = this.#text.split("\n\n");
        this.#text = blocks.pop() ?? "";
        this.frames.push(...blocks.map(parseBlock));
      }
    } catch {
      this.failed = true;
    }
    this.done = true;
  }
}

function parseBlock(block: string): ReadFrame {
  const field = (name: string) =>
    block
      .split("\n")
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? null;
  return {
    event: field("event") ?? "",
    id: field("id"),
    data: JSON.parse(field("data") ?? "{}") as Record<string, unknown>,
  };
}

/** A hub on a database in memory with a clock that is turned by hand. */
export class HubHarness {
  readonly clock = new ManualClock();
  readonly database = new MemoryDatabase(this.clock.wallTime);
  readonly hub: StreamHub;
  verdict: "valid" | "expired" | "revoked" = "valid";

  constructor(timing: Partial<HubTiming> = {}) {
    const { clock, database } = this;
    const notifier = new TopicSubscriptions(database.notifier, clock, 5_000);
    this.hub = createStreamHub({ feed: database.feed, notifier, clock, timing });
  }

  /** Opens a job's stream without reading it; null: no such job. */
  open(
    jobId: string,
    { cursor = null, query = "", userId = owner, disconnect, follow, encoding }: Opening = {},
  ) {
    return this.hub.openJob({
      encoding,
      userId,
      follow,
      jobId,
      disconnect,
      cursor,
      filter: parseStreamFilter(new URLSearchParams(query)),
      credential: { id: "key", check: async () => this.verdict },
    });
  }

  /** Opens a job's stream, reads it, and lets everything come to rest. */
  async watch(jobId: string, opening: Opening = {}): Promise<FrameReader> {
    const stream = await this.open(jobId, opening);
    if (!(stream instanceof ReadableStream)) throw new Error(`no stream of ${jobId}: ${stream}`);
    const reader = new FrameReader(stream);
    await this.clock.advance(20);
    return reader;
  }

  /** Opens the stream of several runs without reading it. */
  openRuns(jobIds: string[], { cursor = null, query = "", userId = owner, follow }: Opening = {}) {
    return this.hub.openRuns({
      userId,
      follow,
      jobIds,
      cursor,
      filter: parseStreamFilter(new URLSearchParams(query)),
      credential: { id: "key", check: async () => this.verdict },
    });
  }

  /** Opens the stream of several runs, reads it, and lets everything settle. */
  async watchRuns(jobIds: string[], opening: Opening = {}): Promise<FrameReader> {
    const stream = await this.openRuns(jobIds, opening);
    if (!(stream instanceof ReadableStream)) throw new Error(`no stream of ${jobIds}: ${stream}`);
    const reader = new FrameReader(stream);
    await this.clock.advance(20);
    return reader;
  }

  async watchList(userId = owner, follow?: boolean): Promise<FrameReader> {
    const credential = { id: "key", check: async () => this.verdict };
    const reader = new FrameReader(await this.hub.openList({ userId, follow, credential }));
    await this.clock.advance(20);
    return reader;
  }
}

interface Opening {
  cursor?: string | null;
  query?: string;
  userId?: string;
  disconnect?: () => void;
  follow?: boolean;
  encoding?: StreamEncoding;
}
