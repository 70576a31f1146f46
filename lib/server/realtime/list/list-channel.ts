import type { ErrorCode } from "@signalbox/protocol/wire/error";
import { frameBytes } from "../frames/frame-text.ts";
import type { SendQueue } from "../http/send-queue.ts";
import {
  type Clock,
  type HubTiming,
  type KeyedJob,
  limits,
  type StreamFeed,
} from "../source/feed.ts";

/** One viewer of a user's list. Frames wait in `pending` until its snapshot has been sent. */
export class ListViewer {
  readonly queue: SendQueue;
  #pending: Uint8Array[] | null = [];

  constructor(queue: SendQueue) {
    this.queue = queue;
  }

  push(chunk: Uint8Array): void {
    if (this.#pending) this.#pending.push(chunk);
    else this.queue.push([chunk]);
  }

  /** Sends the opening frames, then the frames that arrived while they were read. */
  open(opening: Uint8Array[]): void {
    const pending = this.#pending ?? [];
    this.#pending = null;
    for (const chunk of [...opening, ...pending]) this.queue.push([chunk]);
  }

  fail(code: ErrorCode, message: string): void {
    this.queue.push([frameBytes("error", { code, message })]);
    this.queue.end("failed");
  }

  /** Ends the stream without an error: the client reconnects. */
  end(): void {
    this.queue.end();
  }
}

export interface ListChannelDeps {
  feed: StreamFeed;
  clock: Clock;
  timing: HubTiming;
  onEmpty(): void;
  log(message: string, error?: unknown): void;
}

/** Times are the database's own; a row may commit a little after its `updated_at`. */
const overlapMs = 10_000;
const epoch = "1970-01-01T00:00:00.000Z";

/**
 * All jobs of one user. A notification marks a job as changed; changed jobs are read together and
 * sent once each, at most every `listIntervalMs` per job. Polling finds what notifications missed.
 */
export class ListChannel {
  readonly #userId: string;
  readonly #deps: ListChannelDeps;
  readonly #viewers = new Set<ListViewer>();
  readonly #known = new Map<number, { id: string; lastSeq: number }>();
  /** Ids known only from notifications, for a job that is deleted before it is read. */
  readonly #notifiedIds = new Map<number, string>();
  readonly #dirty = new Set<number>();
  readonly #sentAt = new Map<number, number>();
  #since = epoch;
  /** The database's clock as of the last poll. */
  #polledAt: string | null = null;
  #pollDue = true;
  #reading = false;
  #timer: unknown = null;
  #closed = false;

  constructor(userId: string, deps: ListChannelDeps) {
    this.#userId = userId;
    this.#deps = deps;
    this.#schedule();
  }

  join(viewer: ListViewer): void {
    this.#viewers.add(viewer);
  }

  /** Tracks jobs that a viewer has been shown, so that their removal is sent. */
  trackShown(jobs: KeyedJob[]): void {
    for (const loaded of jobs) if (!this.#known.has(loaded.key)) this.#track(loaded);
  }

  /** May run twice. */
  leave(viewer: ListViewer): void {
    if (this.#viewers.delete(viewer) && this.#viewers.size === 0) this.#deps.onEmpty();
  }

  notify(payload: Record<string, unknown>): void {
    const { key, id } = payload;
    if (typeof key !== "number") return;
    if (typeof id === "string" && !this.#known.has(key)) this.#notifiedIds.set(key, id);
    // A removal too is only a hint: the read that follows finds the job missing.
    this.#dirty.add(key);
    this.#schedule();
  }

  resynchronize(): void {
    this.#pollDue = true;
    this.#schedule();
  }

  heartbeat(chunk: Uint8Array): void {
    for (const viewer of [...this.#viewers]) {
      if (viewer.queue.stalledFor(this.#deps.timing.stalledMs)) viewer.queue.abort("stalled");
      viewer.push(chunk);
    }
  }

  close(): void {
    this.#closed = true;
    this.#deps.clock.clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#closed || this.#reading) return;
    const { clock, timing } = this.#deps;
    clock.clearTimeout(this.#timer);
    const now = clock.now();
    let wait = this.#pollDue ? 0 : timing.pollMs;
    for (const key of this.#dirty) wait = Math.min(wait, this.#dueAt(key) - now);
    this.#timer = clock.setTimeout(() => void this.#read(), Math.max(0, wait));
  }

  #dueAt(key: number): number {
    const sentAt = this.#sentAt.get(key);
    return sentAt === undefined
      ? Number.NEGATIVE_INFINITY
      : sentAt + this.#deps.timing.listIntervalMs;
  }

  async #read(): Promise<void> {
    const now = this.#deps.clock.now();
    const due = [...this.#dirty].filter((key) => this.#dueAt(key) <= now);
    this.#reading = true;
    try {
      if (due.length > 0) await this.#send(due, now);
      else await this.#poll();
    } catch (error) {
      for (const key of due) {
        this.#dirty.add(key);
        this.#sentAt.set(key, now);
      }
      this.#pollDue = false;
      this.#deps.log("a user's jobs could not be read", error);
    } finally {
      this.#reading = false;
      this.#schedule();
    }
  }

  async #send(keys: number[], now: number): Promise<void> {
    // Unmarked before the read, so that a notification during it leads to another read.
    for (const key of keys) {
      this.#dirty.delete(key);
      this.#sentAt.set(key, now);
    }
    for (let at = 0; at < keys.length; at += limits.jobsARead) {
      const some = keys.slice(at, at + limits.jobsARead);
      const found = await this.#deps.feed.jobsByKey(this.#userId, some);
      if (this.#closed) return;
      const missing = new Set(some);
      for (const loaded of found) {
        missing.delete(loaded.key);
        this.#track(loaded);
        this.#fanOut(frameBytes("job", { job: loaded.job }));
      }
      for (const key of missing) this.#removed(key);
    }
  }

  async #poll(): Promise<void> {
    this.#pollDue = false;
    const first = this.#polledAt === null;
    const changed = await this.#deps.feed.changedJobs(this.#userId, this.#since);
    if (this.#closed) return;
    for (const job of changed.jobs) {
      const known = this.#known.get(job.key);
      if (known ? known.lastSeq !== job.last_seq : !first) this.#dirty.add(job.key);
      this.#known.set(job.key, { id: job.id, lastSeq: job.last_seq });
    }
    if (changed.total !== this.#known.size) await this.#compareAll();
    // Set back, the clock stamps changes with times that were polled already.
    const setBack = this.#polledAt !== null && changed.now < this.#polledAt;
    this.#since = setBack ? epoch : new Date(Date.parse(changed.now) - overlapMs).toISOString();
    this.#polledAt = changed.now;
    this.#pruneSentTimes();
  }

  async #compareAll(): Promise<void> {
    const all = await this.#deps.feed.changedJobs(this.#userId, epoch);
    const keys = new Set(all.jobs.map((job) => job.key));
    for (const key of [...this.#known.keys()]) if (!keys.has(key)) this.#removed(key);
    for (const job of all.jobs) {
      if (this.#known.has(job.key)) continue;
      this.#known.set(job.key, { id: job.id, lastSeq: job.last_seq });
      this.#dirty.add(job.key);
    }
  }

  #track({ key, job }: KeyedJob): void {
    this.#known.set(key, { id: job.id, lastSeq: job.last_seq });
    this.#notifiedIds.delete(key);
  }

  #removed(key: number): void {
    const id = this.#known.get(key)?.id ?? this.#notifiedIds.get(key);
    this.#known.delete(key);
    this.#notifiedIds.delete(key);
    this.#sentAt.delete(key);
    if (id !== undefined) this.#fanOut(frameBytes("removed", { id }));
  }

  #pruneSentTimes(): void {
    const old = this.#deps.clock.now() - 60_000;
    for (const [key, at] of this.#sentAt) if (at < old) this.#sentAt.delete(key);
  }

  #fanOut(chunk: Uint8Array): void {
    for (const viewer of [...this.#viewers]) viewer.push(chunk);
  }
}
