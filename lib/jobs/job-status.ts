import type { Job, JobStatus } from "@signalbox/protocol/job/job";
import { isTerminal } from "@signalbox/protocol/job/job-status";

/** Who may cause a transition. */
export type TransitionActor = "user" | "trainer" | "server";

/**
 * The state machine: from → to → who. The database has the same table in `job_transitions()`; a
 * test compares the two.
 */
export const transitions: Record<
  JobStatus,
  Partial<Record<JobStatus, readonly TransitionActor[]>>
> = {
  queued: { starting: ["trainer"], cancelled: ["user"] },
  starting: {
    running: ["trainer"],
    failed: ["trainer", "server"],
    stopping: ["user"],
  },
  running: {
    pausing: ["user"],
    stopping: ["user"],
    succeeded: ["trainer"],
    failed: ["trainer"],
    lost: ["server"],
  },
  pausing: {
    paused: ["trainer"],
    running: ["trainer", "server"],
    succeeded: ["trainer"],
    failed: ["trainer"],
    stopping: ["user"],
  },
  paused: { queued: ["user"], cancelled: ["user"], stopping: ["user"], failed: ["trainer"] },
  stopping: { cancelled: ["trainer", "server"], succeeded: ["trainer"] },
  lost: { running: ["trainer"], failed: ["trainer", "server"], stopping: ["user"] },
  failed: { queued: ["user"] },
  succeeded: {},
  cancelled: {},
};

/** A job is active while its trainer may still add rows; an active job is not deleted. */
export function isActive(job: Pick<Job, "status" | "attempt_active">): boolean {
  return !isTerminal(job.status) && (job.status !== "paused" || job.attempt_active);
}
