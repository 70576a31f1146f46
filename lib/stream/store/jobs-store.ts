import type { Job } from "@signalbox/protocol/job/job";
import { type Clock, systemClock } from "@signalbox/protocol/time/clock";
import type { Connection } from "../connection/connection.ts";
import { EventStream, type EventStreamOptions } from "../connection/event-stream.ts";
import { Flusher } from "./flusher.ts";
import { parseJobsFrame } from "./frames.ts";
import { LiveSource } from "./live-source.ts";

export interface JobsSnapshot {
  readonly jobs: ReadonlyMap<string, Job>;
  /** Ids by creation, newest first. */
  readonly order: readonly string[];
  /** Number of the user's jobs that are not archived; null before the first snapshot. */
  readonly total: number | null;
  /** Ids that were deleted since the stream first opened. */
  readonly removed: ReadonlySet<string>;
  readonly connection: Connection;
}

export interface JobsStore {
  subscribe(listener: () => void): () => void;
  getSnapshot(): JobsSnapshot;
  restart(): void;
}

export interface JobsStoreOptions
  extends Pick<EventStreamOptions, "headers" | "fetch" | "random" | "visibility" | "timing"> {
  baseUrl?: string;
  clock?: Clock;
}

const flushMs = 100;
const closeDelayMs = 1_000;

const byCreation = (a: Job, b: Job) =>
  a.created_at === b.created_at
    ? b.id.localeCompare(a.id)
    : b.created_at.localeCompare(a.created_at);

/** All the user's jobs, live. */
export function createJobsStore(options: JobsStoreOptions = {}): JobsStore {
  const clock = options.clock ?? systemClock;
  let jobs: ReadonlyMap<string, Job> = new Map();
  let removed: ReadonlySet<string> = new Set();
  let total: number | null = null;

  const upsert = (job: Job) => {
    const held = jobs.get(job.id);
    if (held && held.generation === job.generation && job.last_seq < held.last_seq) return;
    // A run beyond the first page may arrive too: only one newer than the oldest counts as new.
    const oldest = [...jobs.values()].reduce(
      (min, each) => (each.created_at < min ? each.created_at : min),
      "~",
    );
    if (total !== null) {
      if (!held && !job.archived && (job.created_at > oldest || jobs.size >= total)) total += 1;
      if (held && held.archived !== job.archived) total += job.archived ? -1 : 1;
    }
    jobs = new Map(jobs).set(job.id, job);
    if (removed.has(job.id)) removed = new Set([...removed].filter((id) => id !== job.id));
  };

  const stream = new EventStream({
    ...options,
    clock,
    // A page of this stream is the whole list.
    timing: { pageEveryMs: 5_000, ...options.timing },
    url: `${options.baseUrl ?? ""}/api/training/jobs/stream`,
    onMessage(message) {
      const frame = parseJobsFrame(message);
      if (frame?.event === "snapshot") {
        jobs = new Map(frame.data.jobs.map((job) => [job.id, job]));
        total = frame.data.total;
      } else if (frame?.event === "job") {
        upsert(frame.data.job);
      } else if (frame?.event === "removed") {
        const { id } = frame.data;
        if (total !== null && jobs.get(id)?.archived === false) total -= 1;
        jobs = new Map([...jobs].filter(([each]) => each !== id));
        removed = new Set([...removed, id]);
      }
      flusher.schedule();
    },
    onConnection: () => flusher.schedule(),
  });

  const takeSnapshot = (before?: JobsSnapshot): JobsSnapshot => ({
    jobs,
    order:
      before?.jobs === jobs
        ? before.order
        : [...jobs.values()].sort(byCreation).map(({ id }) => id),
    total,
    removed,
    connection: stream.connection,
  });
  let snapshot = takeSnapshot();

  const flusher = new Flusher(clock, flushMs, () => {
    snapshot = takeSnapshot(snapshot);
    source.notify();
  });
  const source = new LiveSource(
    clock,
    closeDelayMs,
    () => stream.start(),
    () => stream.stop(),
  );

  return {
    subscribe: source.subscribe,
    getSnapshot: () => snapshot,
    restart() {
      if (source.active) stream.restart();
    },
  };
}
