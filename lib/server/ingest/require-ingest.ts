import { ingestAuth, type Principal } from "../auth/principal";
import { callRpc } from "../rpc/call-rpc";

/** What is larger than this costs more than asking the database whether it is wanted. */
const largeBody = { plain: 256 * 1024, compressed: 16 * 1024 } as const;

/** Whether a request's body, as far as its headers tell, takes time to read. */
export function hasLargeBody({ headers, body }: Request): boolean {
  const length = headers.get("content-length");
  if (length === null) return body !== null;
  return Number(length) > largeBody[headers.has("content-encoding") ? "compressed" : "plain"];
}

/**
 * Refuses, before any work is done, what the job would refuse when it is stored.
 * @throws AppError unauthorized, not_found
 */
export async function requireIngest(principal: Principal, jobId: string): Promise<void> {
  await callRpc("check_ingest", { p_auth: ingestAuth(principal), p_job_id: jobId });
}
