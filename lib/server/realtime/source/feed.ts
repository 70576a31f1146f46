import type { Command } from "@signalbox/protocol/job/command";
import type { Job } from "@signalbox/protocol/job/job";
import type { StreamRow } from "@signalbox/protocol/stream/stream-row";
import type { Clock } from "@signalbox/protocol/time/clock";

/** Rows after a cursor: ascending, limited by count and size, never empty while there are any. */
export interface StreamPage {
  generation: string;
  last_seq: number;
  rows: StreamRow[];
}

export interface KeyedJob {
  key: number;
  job: Job;
}

interface ChangedJob {
  key: number;
  id: string;
  last_seq: number;
}

/** Which rows of a job's stream to read. */
interface StreamRange {
  after: number;
  limit: number;
  maxBytes: number;
  /** Whether rows of predictions are filled in; their counts always are. */
  predictions: boolean;
}

/** What the hub reads from the database. Every method may reject; null means "no such job". */
export interface StreamFeed {
  readStream(key: number, range: StreamRange): Promise<StreamPage | null>;
  getJob(userId: string, jobId: string): Promise<KeyedJob | null>;
  listCommands(key: number, limit: number): Promise<Command[]>;
  listJobs(userId: string, limit: number): Promise<{ total: number; jobs: KeyedJob[] }>;
  jobsByKey(userId: string, keys: number[]): Promise<KeyedJob[]>;
  /** Jobs changed since a moment of the database's clock, that clock now, and how many there are. */
  changedJobs(
    userId: string,
    since: string,
  ): Promise<{ total: number; now: string; jobs: ChangedJob[] }>;
}

export interface NotifierListener {
  /** Listens to the changes of this job alone. */
  jobKey?: number;
  /** `change {key, last_seq, …}` for a job that has changed, and `revoked` for a credential. */
  onNotify(event: string, payload: Record<string, unknown>): void;
  /** Called on every join, the first and each after a lost connection. */
  onJoined(): void;
}

/** The topic of everything that concerns a user. */
export function userTopic(userId: string): string {
  return `user:${userId}`;
}

/** Notifications without a delivery guarantee: they may be lost, doubled or late. */
export interface Notifier {
  /** Subscribes to a topic until the returned function is called. */
  subscribe(topic: string, listener: NotifierListener): () => void;
}

export type { Clock };

/** The process's own clock; its timers never keep the process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms).unref(),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
};

export interface HubTiming {
  heartbeatMs: number;
  /** Longest time without a notification before the database is read anyway. */
  pollMs: number;
  /** Shortest time between two reads of one job. */
  minReadMs: number;
  /** How long a channel outlives its last viewer. */
  graceMs: number;
  /** Time without new rows after a terminal state before `end` is sent. */
  drainMs: number;
  /** Shortest time between two reads of a job's progress. */
  refreshMs: number;
  /** Shortest time between two `job` frames of one job in the list stream. */
  listIntervalMs: number;
  /** A viewer that reads nothing for this long while chunks are queued is disconnected. */
  stalledMs: number;
}

export const defaultTiming: HubTiming = {
  heartbeatMs: 15_000,
  pollMs: 1_800,
  minReadMs: 15,
  graceMs: 5_000,
  drainMs: 1_000,
  refreshMs: 1_000,
  listIntervalMs: 250,
  stalledMs: 60_000,
};

export const limits = {
  /** Bytes that may be queued for a viewer before it is disconnected. */
  unreadBytes: 1024 * 1024,
  /** A viewer that is catching up gets its next page once less than this is queued. */
  catchUpBytes: 64 * 1024,
  pageRows: 1_000,
  pageBytes: 256 * 1024,
  /** Recent batches that a channel keeps, so that a short disconnection costs no read. */
  recentBytes: 256 * 1024,
  recentBatches: 64,
  snapshotCommands: 50,
  snapshotCommandBytes: 256 * 1024,
  snapshotJobs: 200,
  snapshotJobBytes: 960 * 1024,
  /** Jobs that are read at once to be sent: each may have much. */
  jobsARead: 20,
} as const;
