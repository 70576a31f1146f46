import type { Job } from "@signalbox/protocol/job/job";
import type { UserPrincipal } from "../auth/principal";
import { jobNotFound } from "../errors";
import { callRpc } from "../rpc/call-rpc";

export type KeyedJob = { key: number; job: Job };

/**
 * The user's job with its database key.
 * @throws AppError not_found, also for another user's job
 */
export async function loadJob(principal: UserPrincipal, jobId: string): Promise<KeyedJob> {
  const row = await callRpc("get_job", { p_user_id: principal.userId, p_job_id: jobId });
  if (row === null) throw jobNotFound();
  return row;
}
