import type { UserPrincipal } from "../auth/principal";
import { loadJob } from "../jobs/load-job";
import { callRpc } from "../rpc/call-rpc";

const pageBytes = 1024 * 1024;

/** A job's commands, newest first. */
export async function listCommands(
  principal: UserPrincipal,
  jobId: string,
  page: { limit: number; offset: number },
) {
  const { key } = await loadJob(principal, jobId);
  return callRpc("list_commands", {
    p_job_key: key,
    p_limit: page.limit,
    p_offset: page.offset,
    p_max_bytes: pageBytes,
  });
}
