import type { Job } from "@signalbox/protocol/job/job";
import { isTerminal } from "@signalbox/protocol/job/job-status";

type JobProgress = Pick<
  Job,
  "status" | "progress" | "current_step" | "total_steps" | "active_seconds"
>;

/** A run's progress, 0–1: as reported by the trainer, else from its steps, else null. */
export function progressOf(job: Omit<JobProgress, "active_seconds">): number | null {
  if (job.status === "succeeded") return 1;
  if (job.progress !== null) return Math.min(1, Math.max(0, job.progress));
  if (job.current_step !== null && job.total_steps) {
    return Math.min(1, job.current_step / job.total_steps);
  }
  return null;
}

/**
 * Seconds of training left at the pace so far, without pauses. Null where unknown: too early (under
 * 1 % or 3 s), unknown length, or a run that has ended.
 */
export function secondsLeft(job: JobProgress): number | null {
  if (isTerminal(job.status)) return null;
  const progress = progressOf(job);
  if (progress === null || progress < 0.01 || job.active_seconds < 3) return null;
  return (job.active_seconds * (1 - progress)) / progress;
}
