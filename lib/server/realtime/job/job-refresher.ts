import type { Job } from "@signalbox/protocol/job/job";
import { SharedFrame } from "../frames/shared-frame.ts";
import type { Clock } from "../source/feed.ts";

const progressFields = [
  "progress",
  "phase",
  "current_step",
  "total_steps",
  "current_epoch",
  "total_epochs",
] as const satisfies (keyof Job)[];

/** Fields that change all the time, or that rows of the stream carry anyway. */
const volatileFields = new Set<string>([
  ...progressFields,
  "status",
  "error",
  "latest",
  "spark",
  "last_seq",
  "updated_at",
  "heartbeat_at",
  "active_seconds",
]);

const lastingState = (job: Job) =>
  JSON.stringify(Object.entries(job).filter(([field]) => !volatileFields.has(field)));
const progressState = (job: Job) => JSON.stringify(progressFields.map((field) => job[field]));

function progressFrame(job: Job): SharedFrame {
  const data: Record<string, unknown> = {};
  for (const field of progressFields) data[field] = job[field];
  return new SharedFrame("progress", {
    ...data,
    last_seq: job.last_seq,
    heartbeat_at: job.heartbeat_at,
    updated_at: job.updated_at,
    active_seconds: job.active_seconds,
  });
}

/**
 * Reads a job again for what changes without a row of its own (progress, epoch, name, tags):
 * after notifications, at most once per interval, trailing edge included.
 */
export class JobRefresher {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #refresh: () => void;
  #job: Job;
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #timer: unknown = null;

  constructor(job: Job, clock: Clock, intervalMs: number, refresh: () => void) {
    this.#job = job;
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#refresh = refresh;
  }

  /** Schedules a refresh, now or as soon as the interval allows. */
  schedule(): void {
    if (this.#timer !== null) return;
    const wait = Math.max(0, this.#refreshedAt + this.#intervalMs - this.#clock.now());
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null;
      this.#refreshedAt = this.#clock.now();
      this.#refresh();
    }, wait);
  }

  /** Stores the job as just read; returns the frame that describes what changed, if anything. */
  apply(job: Job): SharedFrame | null {
    const before = this.#job;
    if (job.last_seq < before.last_seq) return null;
    this.#job = job;
    if (lastingState(before) !== lastingState(job)) return new SharedFrame("job", { job });
    return progressState(before) === progressState(job) ? null : progressFrame(job);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
  }
}
