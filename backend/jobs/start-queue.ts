import type { BackendQueue } from "@signalbox/protocol/service/backend";
import type { Job, StartOptions } from "./job.ts";
import {
  nextToStart,
  type Owners,
  queueOrder,
  type TrainerLimits,
  type Waiting,
} from "./trainer-queue.ts";

interface WaitingJob extends Waiting {
  job: Job;
}

/** Starts jobs within the limits of running trainers. Which jobs wait is in their records. */
export class StartQueue {
  readonly #jobs: () => readonly Job[];
  readonly #limits: TrainerLimits;
  readonly #lastStarted = new Map<string | null, number>();
  #arrivals = 0;
  #starts = 0;
  #open = false;

  constructor(jobs: () => readonly Job[], limits: TrainerLimits) {
    this.#jobs = jobs;
    this.#limits = limits;
  }

  /** Starts a job, or has it wait until a running trainer ends. */
  add(job: Job, options: StartOptions): void {
    const arrived = this.#jobs().map(({ record }) => record.queued?.order ?? 0);
    this.#arrivals = Math.max(this.#arrivals, ...arrived) + 1;
    job.enqueue(this.#arrivals, options);
    this.startWaiting();
  }

  /** Begins to start jobs, once those that the previous backend ran have been recovered. */
  open(): void {
    for (const { active, record } of this.#jobs()) if (active) this.#countStart(record.owner);
    this.#open = true;
    this.startWaiting();
  }

  close(): void {
    this.#open = false;
  }

  /** Starts waiting jobs while there is room. */
  startWaiting(): void {
    while (this.#open) {
      const next = nextToStart(this.#waiting(), this.#owners(), this.#limits);
      if (!next) return;
      this.#countStart(next.owner);
      next.job.startQueued();
    }
  }

  /** The running trainers, and the waiting ones in the order in which they start. */
  describe(): BackendQueue {
    const place = ({ record: { job_id, owner } }: Job) => ({ job_id, owner });
    return {
      maximum: this.#limits.maximum,
      maximum_per_user: this.#limits.maximumPerUser,
      running: this.#jobs()
        .filter((job) => job.active)
        .map(place),
      waiting: queueOrder(this.#waiting(), this.#owners()).map(({ job }) => ({
        ...place(job),
        attempt: job.record.attempt,
      })),
    };
  }

  #countStart(owner: string | null): void {
    this.#starts += 1;
    this.#lastStarted.set(owner, this.#starts);
  }

  #waiting(): WaitingJob[] {
    return this.#jobs().flatMap((job) => {
      const { status, queued, owner } = job.record;
      return status === "queued" && queued ? [{ job, owner, order: queued.order }] : [];
    });
  }

  #owners(): Owners {
    const running = new Map<string | null, number>();
    for (const { active, record } of this.#jobs()) {
      if (active) running.set(record.owner, (running.get(record.owner) ?? 0) + 1);
    }
    return { running, lastStarted: this.#lastStarted };
  }
}
