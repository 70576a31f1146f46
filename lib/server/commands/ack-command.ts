import type { ackBodySchema } from "@signalbox/protocol/job/command";
import type { z } from "zod";
import { ingestAuth, type Principal } from "../auth/principal";
import { callRpc } from "../rpc/call-rpc";
import { asJson } from "../rpc/rpc-args";
import type { RpcReply } from "../rpc/rpc-replies";

/**
 * Stores the trainer's answer to a command, with the state change that follows from it.
 * @throws AppError unauthorized, not_found, conflict (already answered differently)
 */
export function ackCommand(
  principal: Principal,
  jobId: string,
  commandId: string,
  ack: z.output<typeof ackBodySchema>,
): Promise<RpcReply<"ack_command">> {
  return callRpc("ack_command", {
    p_auth: ingestAuth(principal),
    p_job_id: jobId,
    p_command_id: commandId,
    p_ack: asJson(ack),
  });
}
