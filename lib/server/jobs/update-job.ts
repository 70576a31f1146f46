import type { Job, UpdateJobBody } from "@signalbox/protocol/job/job";
import type { UserPrincipal } from "../auth/principal";
import { callRpc } from "../rpc/call-rpc";

/** Changes name, tags, notes or archived. */
export async function updateJob(
  principal: UserPrincipal,
  jobId: string,
  patch: UpdateJobBody,
): Promise<Job> {
  const { job } = await callRpc("update_job", {
    p_user_id: principal.userId,
    p_job_id: jobId,
    p_patch: patch,
    p_actor: principal.label,
  });
  return job;
}
