import type { Job } from "@signalbox/protocol/job";
import { frameBytes } from "../frames/frame-text.ts";
import type { Clock } from "../source/feed.ts";

const progressFields = [
  "progress",
  "phase",
  "current_step",
  "total_steps",
  "current_epoch",
  "total_epochs",
] as const satisfies (keyof Job)[];

/** Fields that move all the time, or that rows of the stream carry anyway. */
const movingFields = new Set<string>([
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

const lasting = (job: Job) =>
  JSON.stringify(Object.entries(job).filter(([field]) => !movingFields.has(field)));
const moving = (job: Job) => JSON.stringify(progressFields.map((field) => job[field]));

function progressFrame(job: Job): Uint8Array {
  const data: Record<string, unknown> = {};
  for (const field of progressFields) data[field] = job[field];
  return frameBytes("progress", {
    ...data,
    last_seq: job.last_seq,
    heartbeat_at: job.heartbeat_at,
    updated_at: job.updated_at,
    active_seconds: job.active_seconds,
  });
}

/**
 * What of a job moves without a row of its own (progress, epoch, name, tags): looked at after
 * changes, at most once an interval, the trailing edge included.
 */
export class JobLookout {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #look: () => void;
  #job: Job;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #timer: unknown = null;

  constructor(job: Job, clock: Clock, intervalMs: number, look: () => void) {
    this.#job = job;
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#look = look;
  }

  get job(): Job {
    return this.#job;
  }

  /** Asks for a look, now or when the interval allows. */
  request(): void {
    if (this.#timer !== null) return;
    const wait = Math.max(0, this.#lookedAt + this.#intervalMs - this.#clock.now());
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null;
      this.#lookedAt = this.#clock.now();
      this.#look();
    }, wait);
  }

  /** Takes the job as read now; returns the frame that tells viewers what moved, if anything. */
  take(job: Job): Uint8Array | null {
    const before = this.#job;
    if (job.last_seq < before.last_seq) return null;
    this.#job = job;
    if (lasting(before) !== lasting(job)) return frameBytes("job", { job });
    return moving(before) === moving(job) ? null : progressFrame(job);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
  }
}
