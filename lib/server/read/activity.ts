import {
  type TimelineInclude,
  timelineKindOf,
  type timelineQuerySchema,
} from "@signalbox/protocol/data/read";
import { type ActivityName, activityNames } from "@signalbox/protocol/stream/stream-row";
import { jsonObjectSchema } from "@signalbox/protocol/wire/primitives";
import type { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { loadJob } from "../jobs/load-job";
import { callRpc } from "../rpc/call-rpc";

async function readActivity(
  principal: UserPrincipal,
  jobId: string,
  streams: readonly ActivityName[],
  page: { afterSeq?: number; beforeSeq?: number; limit: number; reports?: boolean },
) {
  const { key } = await loadJob(principal, jobId);
  return callRpc("read_activity", {
    p_job_key: key,
    p_streams: streams,
    p_reports: page.reports ?? true,
    p_after: page.afterSeq ?? null,
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

/** The streams of the timeline, and what adds those that few readers want. */
const timelineStreams = {
  status: null,
  timeline: null,
  event: "events",
  command: "commands",
} as const satisfies Record<ActivityName, TimelineInclude | null>;

/**
 * State changes and phases, and what `include` adds, as phases with metadata: a state change is a
 * phase named after the state. Without a cursor the newest page; always ascending.
 */
export async function readTimeline(
  principal: UserPrincipal,
  jobId: string,
  query: z.output<typeof timelineQuerySchema>,
) {
  const include = new Set<TimelineInclude | null>([null, ...(query.include ?? [])]);
  const streams = activityNames.filter((name) => include.has(timelineStreams[name]));
  const { total, rows } = await readActivity(principal, jobId, streams, {
    afterSeq: query.since_seq,
    beforeSeq: query.before_seq,
    limit: query.limit,
    reports: include.has("reports"),
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
  return { job_id: jobId, events, next_seq: rows.at(-1)?.seq ?? query.since_seq ?? 0, total };
}

function metadataOf(payload: Record<string, unknown>): Record<string, unknown> {
  return jsonObjectSchema.catch({}).parse(payload.metadata);
}
