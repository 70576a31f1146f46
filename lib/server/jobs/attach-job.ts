import type { attachJobBodySchema } from "@signalbox/protocol/job/job";
import type { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { newJobToken, secretHash } from "../auth/secrets";
import { callRpc } from "../rpc/call-rpc";
import { asJson } from "../rpc/rpc-args";
import { timeSortableId } from "./job-id";

/**
 * Creates or updates a job that a trainer runs by itself; the token replaces any earlier one.
 * @throws AppError conflict where the state forbids the requested status
 */
export async function attachJob(
  principal: UserPrincipal,
  body: z.output<typeof attachJobBodySchema>,
): Promise<{ success: true; job_id: string; job_token: string }> {
  const token = newJobToken();
  const { job_id } = await callRpc("attach_job", {
    p_user_id: principal.userId,
    p_job: asJson({ ...body, id: body.job_id ?? timeSortableId("job") }),
    p_token_hash: secretHash(token),
    p_actor: principal.label,
  });
  return { success: true, job_id, job_token: token };
}
