import type { Command, ControlBody } from "@signalbox/protocol/job/command";
import type { UserPrincipal } from "../auth/principal";
import { AppError } from "../errors";
import { requestCommand } from "./request-command";

/**
 * Pause, resume, stop (or cancel, the same) or checkpoint.
 * @throws AppError bad_request for an option that the action does not support, else as requestCommand
 */
export function controlJob(
  principal: UserPrincipal,
  jobId: string,
  body: ControlBody,
): Promise<Command> {
  const { action, mode, checkpoint_id, command_id, reason } = body;
  if (mode && action !== "pause") {
    throw new AppError("bad_request", "mode: only supported by pause.");
  }
  if (checkpoint_id && action !== "resume") {
    throw new AppError("bad_request", "checkpoint_id: only supported by resume.");
  }
  return requestCommand(principal, jobId, {
    id: command_id,
    type: action === "cancel" ? "stop" : action,
    args: {
      ...(action === "pause" ? { mode: mode ?? "hold" } : {}),
      ...(checkpoint_id ? { checkpoint_id } : {}),
    },
    reason,
  });
}
