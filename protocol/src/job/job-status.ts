export const jobStatuses = [
  "queued",
  "starting",
  "running",
  "pausing",
  "paused",
  "stopping",
  "lost",
  "succeeded",
  "failed",
  "cancelled",
] as const;
export type JobStatus = (typeof jobStatuses)[number];

export const terminalStatuses = ["succeeded", "failed", "cancelled"] as const satisfies JobStatus[];
export type TerminalStatus = (typeof terminalStatuses)[number];

/** Whether a run with this status has ended. */
export function isTerminal(status: string | null | undefined): status is TerminalStatus {
  return terminalStatuses.some((terminal) => terminal === status);
}
