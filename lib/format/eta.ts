import type { Job } from "@signalbox/protocol/job";
import { isTerminal } from "@signalbox/protocol/job-status";

type JobProgress = Pick<
  Job,
  "status" | "progress" | "current_step" | "total_steps" | "active_seconds"
>;

/** How far a run is, 0–1: what the trainer says, else steps done of steps planned, else null. */
export function progressOf(job: Omit<JobProgress, "active_seconds">): number | null {
  if (job.status === "succeeded") return 1;
  if (job.progress !== null) return Math.min(1, Math.max(0, job.progress));
  if (job.current_step !== null && job.total_steps) {
    return Math.min(1, job.current_step / job.total_steps);
  }
  return null;
}

/**
 * Seconds of training left at the pace so far, pauses not counted. Null where it cannot be said:
 * too early (under 1 % or 3 s), unknown length, or a run that is over.
 */
export function secondsLeft(job: JobProgress): number | null {
  if (isTerminal(job.status)) return null;
  const progress = progressOf(job);
  if (progress === null || progress < 0.01 || job.active_seconds < 3) return null;
  return (job.active_seconds * (1 - progress)) / progress;
}
