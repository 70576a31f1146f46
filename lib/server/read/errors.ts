import type { UserPrincipal } from "../auth/principal";
import { loadJob } from "../jobs/load-job";
import { callRpc } from "../rpc/call-rpc";

/**
 * Error events by message, newest first, with the last traceback on stderr and the reason of a
 * failure.
 */
export async function readErrors(
  principal: UserPrincipal,
  jobId: string,
  page: { limit: number; offset: number },
) {
  const { key } = await loadJob(principal, jobId);
  const { count, unique_error_count, reason, errors, stderr } = await callRpc("read_errors", {
    p_job_key: key,
    p_limit: page.limit,
    p_offset: page.offset,
  });
  return {
    errors: errors.map((error) => {
      const { traceback } = error.data;
      return { ...error, traceback: typeof traceback === "string" ? traceback : null };
    }),
    count,
    unique_error_count,
    total: unique_error_count,
    reason,
    ...(stderr ? { traceback: tracebackOf(stderr) } : {}),
  };
}

/** The last traceback in the stderr lines, or all lines if there is none. */
function tracebackOf(stderr: string): string {
  const starts = [...stderr.matchAll(/^(Traceback \(most recent call last\)|\w*Error: )/gm)];
  const start = starts.findLast((match) => match[0].startsWith("Traceback")) ?? starts.at(-1);
  return start ? stderr.slice(start.index) : stderr;
}
