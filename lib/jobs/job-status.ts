import type { JobStatus } from "../contracts/job.ts";

/** Who may bring a change about. */
export type TransitionActor = "user" | "trainer" | "server";

/**
 * Contract §2 as one table: from → to → who. The database holds the same table in
 * `job_transitions()`; a test compares the two.
 */
export const transitions: Record<
  JobStatus,
  Partial<Record<JobStatus, readonly TransitionActor[]>>
> = {
  queued: { starting: ["trainer"], cancelled: ["user"], failed: ["trainer", "server"] },
  starting: {
    running: ["trainer"],
    failed: ["trainer", "server"],
    stopping: ["user"],
    lost: ["server"],
  },
  running: {
    pausing: ["user"],
    stopping: ["user"],
    succeeded: ["trainer"],
    failed: ["trainer"],
    cancelled: ["trainer"],
    lost: ["server"],
  },
  pausing: {
    paused: ["trainer"],
    running: ["trainer"],
    succeeded: ["trainer"],
    failed: ["trainer"],
    stopping: ["user"],
    lost: ["server"],
  },
  paused: { queued: ["user"], cancelled: ["user"], stopping: ["user"], failed: ["trainer"] },
  stopping: {
    cancelled: ["trainer", "server"],
    succeeded: ["trainer"],
    failed: ["trainer"],
  },
  lost: {
    running: ["trainer"],
    succeeded: ["trainer"],
    failed: ["trainer", "server"],
    cancelled: ["trainer"],
    stopping: ["user"],
  },
  failed: { queued: ["user"] },
  succeeded: {},
  cancelled: {},
};

export const terminalStatuses = ["succeeded", "failed", "cancelled"] as const;

export function isTerminal(status: JobStatus): boolean {
  return status === "succeeded" || status === "failed" || status === "cancelled";
}

/** A job is active while its rows may still grow by its trainer; an active job is not deleted. */
export function isActive(status: JobStatus): boolean {
  return !isTerminal(status) && status !== "paused";
}

export function canTransition(from: JobStatus, to: JobStatus, actor: TransitionActor): boolean {
  return transitions[from][to]?.includes(actor) ?? false;
}
