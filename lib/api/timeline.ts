import { type TimelineReply, timelineReplySchema } from "@signalbox/protocol/data/read";
import { apiFetch, toQuery } from "./client.ts";

export interface TimelineQuery {
  limit: number;
  /** The newest rows before this seq; without it the newest of all. */
  beforeSeq?: number | undefined;
}

/**
 * `GET /api/learning/jobs/{id}/timeline`: state changes, phases, events and commands as one list,
 * newest page first; rows ascend within a page.
 */
export function getTimeline(
  id: string,
  { limit, beforeSeq }: TimelineQuery,
  signal?: AbortSignal,
): Promise<TimelineReply> {
  const query = toQuery({ limit, before_seq: beforeSeq, include: "events,commands,reports" });
  return apiFetch(`/api/learning/jobs/${encodeURIComponent(id)}/timeline${query}`, {
    schema: timelineReplySchema,
    signal,
  });
}
