import { mkdirSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { backoffMs } from "@signalbox/protocol/time/backoff";
import type { Sleep } from "@signalbox/protocol/time/sleep";
import { type Batch, isBarrier, toBatches, WINDOW_ITEMS, windowLength } from "./batches.ts";
import { listSegments, parseItems, segmentPath } from "./spool.ts";
import { SpoolCursor } from "./spool-cursor.ts";

/** Result of one request. */
export type Delivery =
  | { outcome: "stored" }
  /** The dashboard will never accept it; it is skipped. */
  | { outcome: "refused"; reason: string }
  /** The owner has reached a limit of what may be stored: it is kept until there is room. */
  | { outcome: "full"; reason: string }
  /** The token is no longer valid: sending stops until there is another. */
  | { outcome: "unauthorized" }
  | { outcome: "retry"; reason: string; afterMs?: number };

export interface SenderOptions {
  folder: string;
  deliver: (batch: Batch, signal: AbortSignal) => Promise<Delivery>;
  warn: (message: string) => void;
  sleep: Sleep;
  now: () => number;
  random: () => number;
}

interface Window {
  to: number;
  batches: Batch[];
  /** Contains a state change, so it is sent without waiting for more. */
  urgent: boolean;
}

const COALESCE_MS = 50;
const FULL_MS = 30_000;
const CHUNK_BYTES = 512 * 1024;
const NEWLINE = 0x0a;

/**
 * Sends a spool to the dashboard: in order and at least once, with stable ids, so that the dashboard
 * stores each item exactly once. Sends immediately when idle, otherwise at most every 50 ms.
 */
export class SpoolSender {
  readonly #options: SenderOptions;
  readonly #abort = new AbortController();
  #file: { segment: number; handle: FileHandle } | null = null;
  #stopWaiting: (() => void) | null = null;
  #pending = false;
  #blocked = false;
  #full = false;
  /** The last refusal that was logged: a run at a limit has many of the same. */
  #refused = "";
  #idleWaiters: (() => void)[] = [];
  #idle = false;
  #finished: Promise<void> | null = null;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Starts sending; later calls have no effect. */
  start(): void {
    this.#finished ??= this.#run().catch((error: unknown) => {
      this.#options.warn(`sending stopped: ${String(error)}`);
    });
  }

  /** Tells the sender that something was appended. */
  wake(): void {
    this.#idle = false;
    this.#pending = true;
    this.#stopWaiting?.();
  }

  /** Continues with a new token after the dashboard rejected the previous one. */
  unblock(): void {
    this.#blocked = false;
    this.wake();
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  /** Whether it waits until the owner has made room for more data. */
  get full(): boolean {
    return this.#full;
  }

  /** Resolves when everything appended so far was sent or skipped. */
  drained(): Promise<void> {
    if (this.#idle) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Stops; the next sender of this folder sends what was not acknowledged. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#stopWaiting?.();
    await this.#finished;
  }

  async #run(): Promise<void> {
    const { folder, now, sleep } = this.#options;
    const { signal } = this.#abort;
    mkdirSync(folder, { recursive: true });
    const cursor = await SpoolCursor.open(join(folder, "cursor"), listSegments(folder)[0] ?? 1);
    let lastSent = Number.NEGATIVE_INFINITY;
    try {
      while (!signal.aborted) {
        this.#pending = false;
        let window = this.#blocked ? null : await this.#nextWindow(cursor);
        if (!window) {
          if (!this.#blocked && (await this.#advance(cursor))) continue;
          await this.#waitForWork();
          continue;
        }
        const wait = lastSent + COALESCE_MS - now();
        if (!window.urgent && wait > 0) {
          await sleep(wait, signal);
          window = (await this.#nextWindow(cursor)) ?? window;
        }
        lastSent = now();
        if (await this.#send(cursor, window)) {
          await cursor.write({ from: window.to, to: window.to }, false);
        }
      }
    } finally {
      await cursor.close();
      await this.#file?.handle.close();
    }
  }

  /** Records the window's end, so that a resend has the same content, and delivers it. False: unsent. */
  async #send(cursor: SpoolCursor, window: Window): Promise<boolean> {
    if (cursor.position.to !== window.to) {
      await this.#file?.handle.datasync();
      await cursor.write({ to: window.to }, true);
    }
    for (const batch of window.batches) {
      if (!(await this.#deliver(batch))) return false;
    }
    return true;
  }

  async #deliver(batch: Batch): Promise<boolean> {
    const { deliver, sleep, warn, random } = this.#options;
    const { signal } = this.#abort;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const delivery = await deliver(batch, signal);
      switch (delivery.outcome) {
        case "stored":
          this.#full = false;
          return true;
        case "refused":
          if (delivery.reason !== this.#refused) {
            warn(`the dashboard refused ${batch.kind} ${batch.id}: ${delivery.reason}`);
          }
          this.#refused = delivery.reason;
          return true;
        case "full":
          if (!this.#full) warn(`data is kept here until there is room: ${delivery.reason}`);
          this.#full = true;
          await sleep(FULL_MS, signal);
          break;
        case "unauthorized":
          warn("the dashboard rejected this job's token; sending is suspended");
          this.#blocked = true;
          return false;
        case "retry":
          if (attempt === 0) warn(`the dashboard is unreachable (${delivery.reason}); retrying`);
          await sleep(delivery.afterMs ?? backoffMs(attempt, random), signal);
      }
    }
    return false;
  }

  /** The recorded window if there is one, else what was appended since, up to the next barrier. */
  async #nextWindow(cursor: SpoolCursor): Promise<Window | null> {
    const { nonce, segment, from, to } = cursor.position;
    const id = `${nonce}.${segment}.${from}`;
    if (to > from) {
      const items = parseItems((await this.#read(segment, from, to - from)).toString());
      return { to, batches: toBatches(items, id), urgent: true };
    }
    const lines = wholeLines(await this.#readLines(segment, from)).slice(0, WINDOW_ITEMS);
    if (lines.length === 0) return null;
    const read = lines.map(({ text, end }) => ({ item: parseItems(text)[0], end }));
    const items = read.flatMap(({ item }) => (item ? [item] : []));
    const window = items.slice(0, windowLength(items));
    // Unreadable lines belong to the window before them.
    const next = read.findIndex(({ item }) => item !== undefined && item === items[window.length]);
    const end = (next < 0 ? read.at(-1) : read[next - 1])?.end ?? 0;
    return { to: from + end, batches: toBatches(window, id), urgent: items.some(isBarrier) };
  }

  /** Moves to the next segment once this one is sent; a newer one means that this one is complete. */
  async #advance(cursor: SpoolCursor): Promise<boolean> {
    const { folder } = this.#options;
    const { segment } = cursor.position;
    const next = listSegments(folder).find((number) => number > segment);
    if (next === undefined || this.#pending) return this.#pending;
    // Items may have been appended after the last read and before the newer segment appeared.
    if (await this.#nextWindow(cursor)) return true;
    await cursor.write({ segment: next, from: 0, to: 0 }, true);
    rmSync(segmentPath(folder, segment), { force: true });
    return true;
  }

  async #waitForWork(): Promise<void> {
    if (!this.#pending && !this.#abort.signal.aborted) {
      if (!this.#blocked) {
        this.#idle = true;
        for (const resolve of this.#idleWaiters.splice(0)) resolve();
      }
      await new Promise<void>((resolve) => {
        this.#stopWaiting = resolve;
      });
      this.#stopWaiting = null;
    }
  }

  /** Reads at least one whole line from an offset, if there is one. */
  async #readLines(segment: number, from: number): Promise<Buffer> {
    for (let size = CHUNK_BYTES; ; size *= 8) {
      const bytes = await this.#read(segment, from, size);
      if (bytes.includes(NEWLINE) || bytes.length < size) return bytes;
    }
  }

  async #read(segment: number, from: number, length: number): Promise<Buffer> {
    if (this.#file?.segment !== segment) {
      await this.#file?.handle.close();
      this.#file = null;
      try {
        const handle = await open(segmentPath(this.#options.folder, segment), "r+");
        this.#file = { segment, handle };
      } catch {
        return Buffer.alloc(0);
      }
    }
    const { bytesRead, buffer } = await this.#file.handle.read(
      Buffer.alloc(length),
      0,
      length,
      from,
    );
    return buffer.subarray(0, bytesRead);
  }
}

/** Lines that end in a newline, each with the offset of its end. */
function wholeLines(bytes: Buffer): { text: string; end: number }[] {
  const lines: { text: string; end: number }[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf(NEWLINE, at) + 1;
    if (end === 0) return lines;
    lines.push({ text: bytes.toString("utf8", at, end), end });
    at = end;
  }
}
