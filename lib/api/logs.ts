import { type LogsReply, logsReplySchema } from "@signalbox/protocol/data/read";
import { apiFetch, toQuery } from "./client.ts";

export interface LogsQuery {
  limit: number;
  offset?: number;
  /** Counts from the end instead of `offset`. */
  tail?: number;
  q?: string;
}

/** `GET /api/training/local/{id}/logs`: lines ascending; `offset` counts lines (or matches of `q`). */
export function getLogs(id: string, query: LogsQuery, signal?: AbortSignal): Promise<LogsReply> {
  return apiFetch(`/api/training/local/${encodeURIComponent(id)}/logs${toQuery({ ...query })}`, {
    schema: logsReplySchema,
    signal,
  });
}
