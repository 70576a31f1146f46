import type { CallRpc } from "../../rpc/call-rpc.ts";
import { limits, type StreamFeed } from "./feed.ts";

/** The hub's feed, read with the database's functions. */
export function supabaseFeed(call: CallRpc): StreamFeed {
  return {
    readStream: (key, { after, limit, maxBytes, predictions }) =>
      call("read_stream", {
        p_job_key: key,
        p_after: after,
        p_limit: limit,
        p_max_bytes: maxBytes,
        p_predictions: predictions,
      }),
    getJob: (userId, jobId) => call("get_job", { p_user_id: userId, p_job_id: jobId }),
    listCommands: async (key, limit) =>
      (
        await call("list_commands", {
          p_job_key: key,
          p_limit: limit,
          p_offset: 0,
          p_max_bytes: limits.snapshotCommandBytes,
        })
      ).commands,
    listJobs: (userId, limit) => {
      const max_bytes = limits.snapshotJobBytes;
      const query = { limit, offset: 0, max_bytes, sort: "-created", archived: "false" };
      return call("list_jobs", { p_user_id: userId, p_query: query });
    },
    jobsByKey: (userId, keys) => call("jobs_by_key", { p_user_id: userId, p_keys: keys }),
    changedJobs: (userId, since) => call("changed_jobs", { p_user_id: userId, p_since: since }),
  };
}
