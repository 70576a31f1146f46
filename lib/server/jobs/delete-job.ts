import { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { callBackend } from "../backend/backend-client";
import { callRpc } from "../supabase";

const deletedSchema = z.object({ managed: z.boolean() });

/**
 * Deletes a job with all its rows, and the backend's files of it.
 * @throws AppError conflict while the job is active
 */
export async function deleteJob(
  principal: Pick<UserPrincipal, "userId">,
  jobId: string,
): Promise<void> {
  const { managed } = deletedSchema.parse(
    await callRpc("delete_job", { p_user_id: principal.userId, p_job_id: jobId }),
  );
  if (!managed) return;
  try {
    await callBackend(`/v1/jobs/${encodeURIComponent(jobId)}`, { method: "DELETE" });
  } catch (error) {
    // The rows are gone, which is what was asked; only the backend's checkpoints stay behind.
    console.warn(`The training backend kept its files of ${jobId}:`, error);
  }
}
