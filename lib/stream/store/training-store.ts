import type { Command } from "@signalbox/protocol/job/command";
import type { Job } from "@signalbox/protocol/job/job";
import { isTerminal } from "@signalbox/protocol/job/job-status";
import { type Clock, systemClock } from "@signalbox/protocol/time/clock";
import { ListenerSet } from "../../listener-set.ts";
import type { Connection } from "../connection/connection.ts";
import { EventStream, type EventStreamOptions } from "../connection/event-stream.ts";
import { mergeCommand } from "./command-list.ts";
import { Flusher } from "./flusher.ts";
import { parseTrainingFrame, type TrainingFrame } from "./frames.ts";
import { LiveSource } from "./live-source.ts";
import { mergeJob } from "./merge-job.ts";
import { applyFrame, emptySlices, type TrainingSlices } from "./training-state.ts";

export interface TrainingSnapshot extends TrainingSlices {
  readonly connection: Connection;
}

export interface TrainingStore {
  readonly jobId: string;
  /** For `useSyncExternalStore`: the stream is open while anybody subscribes. */
  subscribe(listener: () => void): () => void;
  /** Immutable, and the same object until something has changed. */
  getSnapshot(): TrainingSnapshot;
  /** Shows a command that was just requested, until the stream updates it. */
  addCommand(command: Command): void;
  /** Applies a job from another source, if it is newer; a run that is active again is followed. */
  applyJob(job: Job): void;
  /** Reconnects at once, also after the end or a refusal. */
  restart(): void;
  /** Every frame as it arrives, for consumers that keep state of their own. */
  onFrame(listener: (frame: TrainingFrame) => void): () => void;
}

export interface TrainingStoreOptions
  extends Pick<
    EventStreamOptions,
    "headers" | "fetch" | "random" | "visibility" | "timing" | "after"
  > {
  initialJob?: Job | null;
  /** Outside the browser: where the server is. */
  baseUrl?: string;
  /** The filters of contract §5, `full` and `predictions`. */
  query?: Record<string, string>;
  clock?: Clock;
  /** Subscribes to the job by other means; used while the stream has ended. */
  watchEnded?: (onJob: (job: Job) => void) => () => void;
}

/** Listeners are notified at most ten times a second in the long run. */
const flushMs = 100;
const closeDelayMs = 1_000;

/** One run, live: opens its stream on the first subscriber and closes it after the last. */
export function createTrainingStore(
  jobId: string,
  { initialJob = null, baseUrl = "", query = {}, ...options }: TrainingStoreOptions = {},
): TrainingStore {
  const clock = options.clock ?? systemClock;
  const params = new URLSearchParams(query).toString();
  const path = `/api/training/jobs/${encodeURIComponent(jobId)}/stream`;
  const { full, predictions: _form, ...filters } = query;
  const filtered = Object.keys(filters).length > 0;
  const frameListeners = new ListenerSet<[frame: TrainingFrame]>();

  let slices = emptySlices(initialJob);
  const stream = new EventStream({
    ...options,
    clock,
    url: `${baseUrl}${path}${params && `?${params}`}`,
    sequence: filtered ? "any" : full ? "every" : "merged",
    onMessage(message) {
      const frame = parseTrainingFrame(message);
      if (frame) {
        slices = applyFrame(slices, frame);
        recordLag(frame);
        frameListeners.notify(frame);
      }
      if (frame && frame.event !== "progress" && frame.event !== "heartbeat") flusher.schedule();
      // These follow data closely and must not use up its flush.
      else flusher.scheduleLazily();
    },
    onConnection: () => {
      watchEnd();
      flusher.schedule();
    },
  });
  let unwatch: (() => void) | null = null;
  let snapshot: TrainingSnapshot = { ...slices, connection: stream.connection };

  const flusher = new Flusher(clock, flushMs, () => {
    snapshot = { ...slices, connection: stream.connection };
    source.notify();
  });
  const source = new LiveSource(
    clock,
    closeDelayMs,
    () => {
      stream.start();
      watchEnd();
    },
    () => {
      stream.stop();
      watchEnd();
    },
  );

  /** An ended run may be resumed elsewhere. Its own stream has closed, so another source says so. */
  function watchEnd(): void {
    const ended = source.active && stream.connection.state === "ended";
    if (ended && !unwatch) unwatch = options.watchEnded?.(applyJob) ?? null;
    else if (!ended && unwatch) {
      unwatch();
      unwatch = null;
    }
  }

  function applyJob(job: Job): void {
    const { job: held } = slices;
    const isOlder =
      held?.generation === job.generation &&
      (held.last_seq > job.last_seq ||
        (held.last_seq === job.last_seq && held.updated_at >= job.updated_at));
    if (isOlder) return;
    slices = { ...slices, job: mergeJob(held, job) };
    if (!isTerminal(job.status)) reopen();
    flusher.schedule();
  }

  function reopen(): void {
    if (source.active && stream.connection.state === "ended") stream.restart();
  }

  /** Of live points only: rows that are caught up on were late for another reason. */
  function recordLag(frame: TrainingFrame): void {
    if (frame.event !== "metrics") return;
    let newest = 0;
    for (const points of Object.values(frame.data))
      newest = Math.max(newest, points.at(-1)?.[2] ?? 0);
    if (newest > 0) stream.recordLag(Math.max(0, clock.wallTime() - newest));
  }

  return {
    jobId,
    subscribe: source.subscribe,
    getSnapshot: () => snapshot,
    addCommand(command) {
      slices = { ...slices, commands: mergeCommand(slices.commands, command) };
      reopen();
      flusher.schedule();
    },
    applyJob,
    restart() {
      if (source.active) stream.restart();
    },
    onFrame: frameListeners.subscribe,
  };
}
