import type { RowsReply } from "@signalbox/protocol/stream/stream";
import type { UserPrincipal } from "../auth/principal";
import { AppError } from "../errors";
import { loadJob } from "../jobs/load-job";
import { toJournalRows } from "../realtime/frames/journal-rows";
import { supabaseFeed } from "../realtime/source/supabase-feed";
import { callRpc } from "../rpc/call-rpc";

const feed = supabaseFeed(callRpc);
const pageBytes = 1024 * 1024;

/**
 * Rows of a job's journal after a seq, as in the live stream: up to `limit` seqs (fewer if they are
 * large). The status is never newer than the rows, so a reader that sees a terminal status and
 * `next_seq` at `last_seq` has everything.
 * @throws AppError not_found
 */
export async function readRows(
  principal: UserPrincipal,
  jobId: string,
  query: { since_seq: number; limit: number },
): Promise<RowsReply> {
  // Read again if the job was recreated between the two reads.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const { key, job } = await loadJob(principal, jobId);
    const page = await feed.readStream(key, {
      after: query.since_seq,
      limit: query.limit,
      maxBytes: pageBytes,
      predictions: true,
    });
    if (page?.generation !== job.generation) continue;
    return {
      job_id: job.id,
      generation: page.generation,
      status: job.status,
      last_seq: page.last_seq,
      rows: page.rows.flatMap(toJournalRows),
      next_seq: page.rows.at(-1)?.seq ?? query.since_seq,
    };
  }
  throw new AppError("conflict", "This job is being recreated. Try again.");
}
