import type { Command, ControlBody } from "@signalbox/protocol/command";
import type { UserPrincipal } from "../auth/principal";
import { AppError } from "../errors";
import { requestCommand } from "./request-command";

/**
 * Pause, resume, stop (or cancel, the same) or checkpoint.
 * @throws AppError bad_request for an option the action does not take, else as requestCommand
 */
export function controlJob(
  principal: UserPrincipal,
  jobId: string,
  body: ControlBody,
): Promise<Command> {
  const { action, mode, checkpoint_id, command_id, reason } = body;
  if (mode && action !== "pause") {
    throw new AppError("bad_request", "mode: only a pause takes a mode.");
  }
  if (checkpoint_id && action !== "resume") {
    throw new AppError("bad_request", "checkpoint_id: only a resume takes a checkpoint.");
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
