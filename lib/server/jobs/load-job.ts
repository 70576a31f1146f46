import { type Job, jobSchema } from "@signalbox/protocol/job";
import { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { jobNotFound } from "../errors";
import { callRpc } from "../supabase";

export const keyedJobSchema = z.object({ key: z.number(), job: jobSchema });
export type KeyedJob = { key: number; job: Job };

/**
 * The user's job with its database key.
 * @throws AppError not_found, also for another user's job
 */
export async function loadJob(principal: UserPrincipal, jobId: string): Promise<KeyedJob> {
  const row = await callRpc("get_job", { p_user_id: principal.userId, p_job_id: jobId });
  if (row === null) throw jobNotFound();
  return keyedJobSchema.parse(row);
}
