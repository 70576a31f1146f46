import type { Job, JobStatus } from "@signalbox/protocol/job/job";

const training: ReadonlySet<JobStatus> = new Set(["running", "pausing", "stopping"]);

/** When each copy of a job arrived here; its `active_seconds` was current then. */
const arrivals = new WeakMap<object, number>();

function arrivalOf(job: object, now: number): number {
  const known = arrivals.get(job);
  if (known !== undefined) return known;
  arrivals.set(job, now);
  return now;
}

type Timed = Pick<Job, "status" | "active_seconds">;

/** Seconds spent training, counted on from the server's value while the run trains. */
export function activeSecondsAt(job: Timed, now: number): number {
  const since = arrivalOf(job, now);
  if (!training.has(job.status)) return job.active_seconds;
  return job.active_seconds + Math.max(0, now - since) / 1000;
}

/**
 * Seconds left at the average pace so far. Null where an estimate would be meaningless: not
 * running, or less than 1 % or two seconds done.
 */
export function etaSeconds(job: Timed & Pick<Job, "progress">, now: number): number | null {
  if (job.status !== "running" || job.progress === null) return null;
  if (job.progress < 0.01 || job.progress >= 1 || job.active_seconds < 2) return null;
  const sinceArrival = Math.max(0, now - arrivalOf(job, now)) / 1000;
  const left = (job.active_seconds * (1 - job.progress)) / job.progress - sinceArrival;
  return Math.max(0, left);
}
