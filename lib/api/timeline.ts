import { type TimelineReply, timelineReplySchema } from "@signalbox/protocol/data/read";
import { apiFetch, toQuery } from "./client.ts";

export interface TimelineQuery {
  limit: number;
  /** The newest rows before this seq; without it the newest of all. */
  beforeSeq?: number | undefined;
}

/**
 * `GET /api/learning/jobs/{id}/timeline`: statuses, phases, events and commands as one list, newest
 * page first; rows ascend within a page.
 */
export function getTimeline(
  id: string,
  { limit, beforeSeq = Number.MAX_SAFE_INTEGER }: TimelineQuery,
  signal?: AbortSignal,
): Promise<TimelineReply> {
  const query = toQuery({ limit, before_seq: beforeSeq });
  return apiFetch(`/api/learning/jobs/${encodeURIComponent(id)}/timeline${query}`, {
    schema: timelineReplySchema,
    signal,
  });
}
