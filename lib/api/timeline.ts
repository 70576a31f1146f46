import { type TimelineReply, timelineReplySchema } from "../contracts/read.ts";
import { apiFetch, toQuery } from "./client.ts";

export interface TimelineQuery {
  limit: number;
  offset: number;
}

/** `GET /api/learning/jobs/{id}/timeline`: statuses, phases, events and commands as one list. */
export function getTimeline(
  id: string,
  query: TimelineQuery,
  signal?: AbortSignal,
): Promise<TimelineReply> {
  return apiFetch(`/api/learning/jobs/${encodeURIComponent(id)}/timeline${toQuery({ ...query })}`, {
    schema: timelineReplySchema,
    signal,
  });
}
