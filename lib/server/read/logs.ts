import type { LogsReply, logsQuerySchema } from "@signalbox/protocol/data/read";
import type { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { loadJob } from "../jobs/load-job";
import { callRpc } from "../rpc/call-rpc";

/** A page of a job's log: from an offset, its last lines, or the lines that match a text. */
export async function readLogs(
  principal: UserPrincipal,
  jobId: string,
  query: z.output<typeof logsQuerySchema>,
): Promise<LogsReply> {
  const { key } = await loadJob(principal, jobId);
  return callRpc("read_logs", {
    p_job_key: key,
    p_offset: query.offset,
    p_limit: query.tail ?? query.limit,
    p_query: query.q || null,
    p_tail: query.tail !== undefined,
  });
}
