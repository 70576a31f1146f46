export const commandTypes = ["pause", "resume", "stop", "checkpoint", "update_params"] as const;
export type CommandType = (typeof commandTypes)[number];

export const commandStatuses = ["pending", "delivered", "applied", "rejected", "expired"] as const;
export type CommandStatus = (typeof commandStatuses)[number];

/** Whether the trainer has answered a command, or it has expired unanswered. */
export function isSettled({ status }: { status: CommandStatus }): boolean {
  return status === "applied" || status === "rejected" || status === "expired";
}
