import { timelineKindOf } from "@signalbox/protocol/data/read";
import { type ActivityName, activityNames } from "@signalbox/protocol/stream/stream-row";
import { jsonObjectSchema } from "@signalbox/protocol/wire/primitives";
import type { UserPrincipal } from "../auth/principal";
import { loadJob } from "../jobs/load-job";
import { callRpc } from "../rpc/call-rpc";

async function readActivity(
  principal: UserPrincipal,
  jobId: string,
  streams: readonly ActivityName[],
  page: { afterSeq: number; beforeSeq?: number; limit: number },
) {
  const { key } = await loadJob(principal, jobId);
  return callRpc("read_activity", {
    p_job_key: key,
    p_streams: streams,
    p_after: page.afterSeq,
    p_before: page.beforeSeq ?? null,
    p_limit: page.limit,
  });
}

/** Events after a seq, ascending. */
export async function readEvents(
  principal: UserPrincipal,
  jobId: string,
  query: { since_seq: number; limit: number },
) {
  const { total, rows } = await readActivity(principal, jobId, ["event"], {
    afterSeq: query.since_seq,
    limit: query.limit,
  });
  return {
    events: rows.map((row) => ({ ...row.payload, seq: row.seq, created_at: row.created_at })),
    next_seq: rows.at(-1)?.seq ?? query.since_seq,
    total,
  };
}

/** The phase that an entry of the timeline is called by. */
const phaseOf: Record<ActivityName, (payload: Record<string, unknown>) => unknown> = {
  status: ({ to }) => to,
  timeline: ({ phase }) => phase,
  event: ({ type }) => type,
  command: ({ type }) => type,
};

/**
 * All activity of a job besides its data, as phases with metadata: a status change is a phase named
 * after the status. `before_seq` pages backwards from the newest.
 */
export async function readTimeline(
  principal: UserPrincipal,
  jobId: string,
  query: { since_seq: number; before_seq?: number; limit: number },
) {
  const { total, rows } = await readActivity(principal, jobId, activityNames, {
    afterSeq: query.since_seq,
    beforeSeq: query.before_seq,
    limit: query.limit,
  });
  const events = rows.map(({ seq, stream, payload, created_at }) => ({
    seq,
    phase: String(phaseOf[stream](payload)),
    metadata: {
      ...(stream === "timeline" ? metadataOf(payload) : payload),
      kind: timelineKindOf[stream],
    },
    created_at,
  }));
  return { job_id: jobId, events, total };
}

function metadataOf(payload: Record<string, unknown>): Record<string, unknown> {
  return jsonObjectSchema.catch({}).parse(payload.metadata);
}
