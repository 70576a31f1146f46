import type { ErrorCode } from "@signalbox/protocol/error";
import { frameBytes } from "../frames/frame-text.ts";
import type { Outbox } from "../http/send-queue.ts";
import type { Clock, HubTiming, KeyedJob, StreamFeed } from "../source/feed.ts";

/** One reader of a user's list. Frames wait in `held` until its snapshot has been sent. */
export class ListViewer {
  readonly outbox: Outbox;
  #held: Uint8Array[] | null = [];

  constructor(outbox: Outbox) {
    this.outbox = outbox;
  }

  push(chunk: Uint8Array): void {
    if (this.#held) this.#held.push(chunk);
    else this.outbox.push(chunk);
  }

  /** Sends what opens the stream, then what happened while it was read. */
  begin(opening: Uint8Array[]): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const chunk of [...opening, ...held]) this.outbox.push(chunk);
  }

  fail(code: ErrorCode, message: string): void {
    this.outbox.push(frameBytes("error", { code, message }));
    this.outbox.end();
  }

  /** Ends the stream without a word: the client comes again with its cursor. */
  end(): void {
    this.outbox.end();
  }
}

export interface ListChannelDeps {
  feed: StreamFeed;
  clock: Clock;
  timing: HubTiming;
  onEmpty(): void;
  log(message: string, error?: unknown): void;
}

/** Both clocks of a comparison are the database's; rows may commit a little after their time. */
const overlapMs = 10_000;
const epoch = "1970-01-01T00:00:00.000Z";

/**
 * All jobs of one user: a ring marks a job as changed, changed jobs are read together and sent
 * once each, at most every `listIntervalMs` a job; polling finds what the bell did not tell.
 */
export class ListChannel {
  readonly #userId: string;
  readonly #deps: ListChannelDeps;
  readonly #members = new Set<ListViewer>();
  readonly #known = new Map<number, { id: string; lastSeq: number }>();
  /** Ids that only the bell has told so far, for a job that is gone before it is read. */
  readonly #rung = new Map<number, string>();
  readonly #dirty = new Set<number>();
  readonly #sentAt = new Map<number, number>();
  #since = epoch;
  #pollDue = true;
  #reading = false;
  #timer: unknown = null;
  #closed = false;

  constructor(userId: string, deps: ListChannelDeps) {
    this.#userId = userId;
    this.#deps = deps;
    this.#schedule();
  }

  enter(viewer: ListViewer): void {
    this.#members.add(viewer);
  }

  /** Jobs that a viewer has been shown: their removal will be told. */
  noteShown(jobs: KeyedJob[]): void {
    for (const loaded of jobs) if (!this.#known.has(loaded.key)) this.#note(loaded);
  }

  /** May run twice. */
  leave(viewer: ListViewer): void {
    if (this.#members.delete(viewer) && this.#members.size === 0) this.#deps.onEmpty();
  }

  ring(payload: Record<string, unknown>): void {
    const { key, id } = payload;
    if (typeof key !== "number") return;
    if (typeof id === "string" && !this.#known.has(key)) this.#rung.set(key, id);
    // Removal too is only a hint: the read that follows finds the job missing.
    this.#dirty.add(key);
    this.#schedule();
  }

  joined(): void {
    this.#pollDue = true;
    this.#schedule();
  }

  heartbeat(chunk: Uint8Array): void {
    for (const viewer of [...this.#members]) {
      if (viewer.outbox.stalledFor(this.#deps.timing.stalledMs)) viewer.outbox.cut("stalled");
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
    return sentAt === undefined ? 0 : sentAt + this.#deps.timing.listIntervalMs;
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
    // Unmarked before the read, so that a ring during it leads to another one.
    for (const key of keys) {
      this.#dirty.delete(key);
      this.#sentAt.set(key, now);
    }
    const found = await this.#deps.feed.jobsByKey(this.#userId, keys);
    if (this.#closed) return;
    const missing = new Set(keys);
    for (const loaded of found) {
      missing.delete(loaded.key);
      this.#note(loaded);
      this.#fanOut(frameBytes("job", { job: loaded.job }));
    }
    for (const key of missing) this.#removed(key);
  }

  async #poll(): Promise<void> {
    this.#pollDue = false;
    const first = this.#since === epoch;
    const changed = await this.#deps.feed.changedJobs(this.#userId, this.#since);
    if (this.#closed) return;
    for (const job of changed.jobs) {
      const known = this.#known.get(job.key);
      if (known ? known.lastSeq !== job.last_seq : !first) this.#dirty.add(job.key);
      this.#known.set(job.key, { id: job.id, lastSeq: job.last_seq });
    }
    if (changed.total !== this.#known.size) await this.#compareAll();
    this.#since = new Date(Date.parse(changed.now) - overlapMs).toISOString();
    this.#forgetOld();
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

  #note({ key, job }: KeyedJob): void {
    this.#known.set(key, { id: job.id, lastSeq: job.last_seq });
    this.#rung.delete(key);
  }

  #removed(key: number): void {
    const id = this.#known.get(key)?.id ?? this.#rung.get(key);
    this.#known.delete(key);
    this.#rung.delete(key);
    this.#sentAt.delete(key);
    if (id !== undefined) this.#fanOut(frameBytes("removed", { id }));
  }

  #forgetOld(): void {
    const old = this.#deps.clock.now() - 60_000;
    for (const [key, at] of this.#sentAt) if (at < old) this.#sentAt.delete(key);
  }

  #fanOut(chunk: Uint8Array): void {
    for (const viewer of [...this.#members]) viewer.push(chunk);
  }
}
