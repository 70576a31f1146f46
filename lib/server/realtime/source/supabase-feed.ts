import type { Command } from "@signalbox/protocol/command";
import type { ChangedJob, KeyedJob, StreamFeed, StreamPage } from "./feed.ts";

/** Calls a SQL function of the migrations; rejects when the database does not answer. */
export type CallRpc = (name: FeedFunction, args: Record<string, unknown>) => Promise<unknown>;

export type FeedFunction =
  | "read_stream"
  | "get_job"
  | "list_commands"
  | "list_jobs"
  | "jobs_by_key"
  | "changed_jobs";

/**
 * The reply of one of our own SQL functions. The migrations build exactly this shape and their
 * tests check it; parsing every row again would cost more than reading it.
 */
function trustedReply<T>(value: unknown): T {
  return value as T;
}

/** The hub's feed, read with the database's functions. */
export function supabaseFeed(call: CallRpc): StreamFeed {
  return {
    async readStream(key, { after, limit, maxBytes, predictions }) {
      return trustedReply<StreamPage | null>(
        await call("read_stream", {
          p_job_key: key,
          p_after: after,
          p_limit: limit,
          p_max_bytes: maxBytes,
          p_predictions: predictions,
        }),
      );
    },
    async getJob(userId, jobId) {
      return trustedReply<KeyedJob | null>(
        await call("get_job", { p_user_id: userId, p_job_id: jobId }),
      );
    },
    async listCommands(key, limit) {
      const reply = await call("list_commands", { p_job_key: key, p_limit: limit, p_offset: 0 });
      return trustedReply<{ commands: Command[] }>(reply).commands;
    },
    async listJobs(userId, limit) {
      const query = { limit, offset: 0, sort: "-created", archived: "false" };
      return trustedReply<{ total: number; jobs: KeyedJob[] }>(
        await call("list_jobs", { p_user_id: userId, p_query: query }),
      );
    },
    async jobsByKey(userId, keys) {
      return trustedReply<KeyedJob[]>(
        await call("jobs_by_key", { p_user_id: userId, p_keys: keys }),
      );
    },
    async changedJobs(userId, since) {
      return trustedReply<{ total: number; now: string; jobs: ChangedJob[] }>(
        await call("changed_jobs", { p_user_id: userId, p_since: since }),
      );
    },
  };
}
