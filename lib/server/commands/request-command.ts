import type { Command, CommandType } from "@signalbox/protocol/job/command";
import { commandEffects, commandPermission } from "@/lib/jobs/allowed-commands";
import type { UserPrincipal } from "../auth/principal";
import { managedJobToken, secretHash } from "../auth/secrets";
import { AppError } from "../errors";
import { dispatchResume, failDispatch } from "../jobs/dispatch";
import { timeSortableId } from "../jobs/job-id";
import { loadJob } from "../jobs/load-job";
import { leaveQueue } from "../jobs/trainer-queue";
import { storeWithinLimits } from "../limits/room";
import { callRpc } from "../rpc/call-rpc";
import { asJson } from "../rpc/rpc-args";
import { findCommand } from "./find-command";

export interface CommandRequest {
  id?: string;
  type: CommandType;
  args: Record<string, unknown>;
  reason?: string;
}

/**
 * Stores a command for the trainer, with the state change that it implies. The same id again returns
 * the same command.
 * @throws AppError not_found, conflict (the state forbids it; details name the state; or the limit of queued
 *   trainers)
 */
export async function requestCommand(
  principal: UserPrincipal,
  jobId: string,
  request: CommandRequest,
): Promise<Command> {
  const { job, key } = await loadJob(principal, jobId);
  const id = request.id ?? timeSortableId("cmd");
  const repeated = request.id ? await findCommand(key, request.id) : null;
  const permission = commandPermission(job, request.type);
  if (!repeated && !permission.allowed) {
    throw new AppError("conflict", permission.reason, { details: { status: job.status } });
  }
  const queues = request.type === "resume" && job.managed && !job.attempt_active;
  const requested = await storeWithinLimits({
    userId: principal.userId,
    amounts: queues ? { queued_trainers: 1 } : {},
    isKnown: async () => repeated !== null,
    isNew: ({ created }) => created,
    store: () =>
      callRpc("request_command", {
        p_user_id: principal.userId,
        p_job_id: jobId,
        p_command: asJson({
          id,
          type: request.type,
          args: request.args,
          reason: request.reason ?? null,
        }),
        p_actor: principal.label,
        p_effects: commandEffects[request.type],
        p_new_token_hash: job.managed
          ? secretHash(managedJobToken(jobId, { commandId: id }))
          : null,
      }),
  });
  const { command } = requested;
  if (command.type === "resume" && requested.new_attempt) {
    try {
      await dispatchResume(principal.userId, requested.job, command);
    } catch (error) {
      await failDispatch(principal.userId, jobId, error);
      throw error;
    }
  }
  if (command.type === "stop" && requested.created) {
    await leaveQueue(principal.userId, job, command);
  }
  return command;
}
