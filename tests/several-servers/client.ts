import { readEventSource, type ServerEvent } from "@signalbox/protocol/stream/event-source";
import { systemClock } from "@signalbox/protocol/time/clock";
import { expect, vi } from "vitest";

export interface Frame {
  event: string;
  seq: number;
  data: Record<string, unknown>;
  at: number;
}

/** One request with an API key or a job's token; the parsed reply. */
export async function call(
  url: string,
  method: string,
  path: string,
  credential: string,
  json?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${credential}`,
      ...(json !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** A viewer of one run on one server. */
export class Viewer {
  readonly frames: Frame[] = [];
  /** Whether the server has ended or lost the connection. */
  closed = false;
  /** The newest cursor, to resume with elsewhere. */
  cursor: string | null;
  readonly #gone = new AbortController();
  #reading: Promise<void> = Promise.resolve();

  constructor(after: string | null = null) {
    this.cursor = after;
  }

  async open(url: string, run: string, key: string): Promise<this> {
    const response = await fetch(`${url}/api/training/jobs/${run}/stream?full=1`, {
      headers: { "x-api-key": key, ...(this.cursor && { "last-event-id": this.cursor }) },
      signal: this.#gone.signal,
    });
    expect(response.status).toBe(200);
    if (!response.body) throw new Error("The stream has no body.");
    this.#reading = this.#read(response.body).catch(() => {});
    return this;
  }

  /** The rows' seqs in the order in which they came, without the snapshot. */
  get seqs(): number[] {
    return this.frames.flatMap(({ event, seq }) => (event === "snapshot" ? [] : [seq]));
  }

  async reached(seq: number): Promise<void> {
    const newest = () => Number(this.cursor?.split("-")[1] ?? 0);
    await vi.waitFor(() => expect(newest()).toBeGreaterThanOrEqual(seq), {
      timeout: 20_000,
      interval: 5,
    });
  }

  async stop(): Promise<void> {
    this.#gone.abort();
    await this.#reading;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    try {
      const batches = readEventSource({
        open: async () => body,
        clock: systemClock,
        timing: { connectTimeoutMs: 60_000, stallTimeoutMs: 60_000 },
        signal: this.#gone.signal,
      });
      for await (const events of batches) for (const event of events) this.#take(event);
    } finally {
      this.closed = true;
    }
  }

  #take({ event, id, data }: ServerEvent): void {
    if (id === null) return;
    this.cursor = id;
    if (event === "heartbeat") return;
    const seq = Number(id.split("-")[1]);
    this.frames.push({ event, seq, data: JSON.parse(data), at: performance.now() });
  }
}
