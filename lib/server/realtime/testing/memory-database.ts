import type { Command } from "@signalbox/protocol/job/command";
import type { Job, JobStatus } from "@signalbox/protocol/job/job";
import type { StreamName } from "@signalbox/protocol/stream/stream-name";
import type { StreamRow } from "@signalbox/protocol/stream/stream-row";
import { sampleJob } from "../../../stream/testing/sample-job.ts";
import type { KeyedJob, Notifier, NotifierListener, StreamFeed } from "../source/feed.ts";

import { testRow } from "./test-row.ts";

export const owner = "11111111-1111-4111-8111-111111111111";

interface StoredJob {
  userId: string;
  key: number;
  job: Job;
  rows: StreamRow[];
  commands: Command[];
}

type Delivery = { lost: boolean; doubled: boolean };

/** Jobs, rows and notifications in memory: the database as the hub sees it, with every fault on demand. */
export class MemoryDatabase {
  readonly #jobs = new Map<number, StoredJob>();
  readonly #listeners = new Map<string, Set<NotifierListener>>();
  readonly #now: () => number;
  #nextKey = 1;
  reads = 0;
  /** Whether a read has asked for predictions. */
  predictionsRead = false;
  /** Reads fail while set. */
  down = false;
  /** Called for every notification. */
  delivery: () => Delivery = () => ({ lost: false, doubled: false });
  /** Awaited by every read before it answers with what it saw when it began. */
  latency: () => Promise<void> = () => Promise.resolve();

  constructor(now: () => number) {
    this.#now = now;
  }

  addJob(id: string, changes: Partial<Job> = {}, userId = owner): number {
    const key = this.#nextKey++;
    const updated_at = new Date(this.#now()).toISOString();
    const job = sampleJob({
      id,
      job_id: id,
      name: id,
      generation: `gen${key}`,
      updated_at,
      ...changes,
    });
    this.#jobs.set(key, { userId, key, job, rows: [], commands: [] });
    this.#notifyChange(key);
    return key;
  }

  removeJob(key: number): void {
    const stored = this.#stored(key);
    this.#jobs.delete(key);
    this.#notify(`user:${stored.userId}`, "change", { key, id: stored.job.id, removed: true });
  }

  /** Stores rows in one transaction and notifies. */
  insert(key: number, rows: [StreamName, Record<string, unknown>][]): void {
    const stored = this.#stored(key);
    const created_at = new Date(this.#now()).toISOString();
    let seq = stored.job.last_seq;
    let status = stored.job.status;
    for (const [stream, payload] of rows) {
      seq += 1;
      stored.rows.push(testRow(stream, payload, { seq, created_at }));
      if (stream === "status") status = payload.to as JobStatus;
    }
    stored.job = { ...stored.job, status, last_seq: seq, updated_at: created_at };
    this.#notifyChange(key);
  }

  update(key: number, changes: Partial<Job>): void {
    const stored = this.#stored(key);
    stored.job = { ...stored.job, ...changes, updated_at: new Date(this.#now()).toISOString() };
    this.#notifyChange(key);
  }

  rows(key: number): StreamRow[] {
    return this.#stored(key).rows;
  }

  revoke(userId: string): void {
    this.#notify(`user:${userId}`, "revoked", {});
  }

  /** As after a lost connection to Realtime. */
  rejoin(): void {
    for (const listeners of this.#listeners.values()) for (const each of listeners) each.onJoined();
  }

  get topics(): string[] {
    return [...this.#listeners.keys()];
  }

  readonly notifier: Notifier = {
    subscribe: (topic, listener) => {
      const listeners = this.#listeners.get(topic) ?? new Set();
      this.#listeners.set(topic, listeners.add(listener));
      queueMicrotask(() => {
        if (listeners.has(listener)) listener.onJoined();
      });
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) this.#listeners.delete(topic);
      };
    },
  };

  readonly feed: StreamFeed = {
    readStream: (key, { after, limit, predictions }) =>
      this.#read(() => {
        this.predictionsRead ||= predictions;
        const stored = this.#jobs.get(key);
        if (!stored) return null;
        const { generation, last_seq } = stored.job;
        const rows = stored.rows
          .filter((row) => row.seq > after)
          .slice(0, limit)
          .map((row) =>
            row.stream === "prediction" && !predictions
              ? { ...row, payload: { ...row.payload, predictions: [] } }
              : row,
          );
        return { generation, last_seq, rows };
      }),
    getJob: (userId, jobId) =>
      this.#read(() => {
        const all = [...this.#jobs.values()];
        const stored = all.find((each) => each.userId === userId && each.job.id === jobId);
        return stored ? keyed(stored) : null;
      }),
    listCommands: (key, limit) =>
      this.#read(() => this.#jobs.get(key)?.commands.slice(0, limit) ?? []),
    listJobs: (userId, limit) =>
      this.#read(() => {
        const mine = this.#of(userId);
        return { total: mine.length, jobs: mine.slice(0, limit).map(keyed) };
      }),
    jobsByKey: (userId, keys) =>
      this.#read(() =>
        this.#of(userId)
          .filter(({ key }) => keys.includes(key))
          .map(keyed),
      ),
    changedJobs: (userId, since) =>
      this.#read(() => {
        const mine = this.#of(userId);
        const jobs = mine
          .filter(({ job }) => Date.parse(job.updated_at) >= Date.parse(since))
          .map(({ key, job }) => ({ key, id: job.id, last_seq: job.last_seq }));
        return { total: mine.length, now: new Date(this.#now()).toISOString(), jobs };
      }),
  };

  async #read<T>(query: () => T): Promise<T> {
    this.reads += 1;
    const seen = this.down ? null : { value: structuredClone(query()) };
    await this.latency();
    if (!seen) throw new Error("the database is down");
    return seen.value;
  }

  #of(userId: string): StoredJob[] {
    return [...this.#jobs.values()].filter((stored) => stored.userId === userId);
  }

  #stored(key: number): StoredJob {
    const stored = this.#jobs.get(key);
    if (!stored) throw new Error(`no job ${key}`);
    return stored;
  }

  #notifyChange(key: number): void {
    const { userId, job } = this.#stored(key);
    this.#notify(`user:${userId}`, "change", { key, id: job.id, last_seq: job.last_seq });
  }

  #notify(topic: string, event: string, payload: Record<string, unknown>): void {
    const { lost, doubled } = this.delivery();
    if (lost) return;
    for (const listener of this.#listeners.get(topic) ?? []) {
      for (let i = 0; i < (doubled ? 2 : 1); i += 1) {
        queueMicrotask(() => listener.onNotify(event, payload));
      }
    }
  }
}

function keyed({ key, job }: StoredJob): KeyedJob {
  return { key, job };
}
