import type { UserPrincipal } from "../auth/principal";
import { callBackendOf, readJobBackend } from "../backend/job-backend";
import { callRpc } from "../rpc/call-rpc";

/**
 * Deletes a job with all its rows, and its files on the training backend.
 * @throws AppError conflict while the job is active
 */
export async function deleteJob(
  principal: Pick<UserPrincipal, "userId">,
  jobId: string,
): Promise<void> {
  const backend = await readJobBackend(principal.userId, jobId);
  const { managed } = await callRpc("delete_job", {
    p_user_id: principal.userId,
    p_job_id: jobId,
  });
  if (!managed) return;
  try {
    await callBackendOf(backend, `/v1/jobs/${encodeURIComponent(jobId)}`, { method: "DELETE" });
  } catch (error) {
    // The rows are deleted, as requested; only the backend's checkpoints remain.
    console.warn(`The training backend could not delete its files of ${jobId}:`, error);
  }
}
