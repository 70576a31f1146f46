import { type LogsReply, logsReplySchema } from "@signalbox/protocol/data/read";
import { apiFetch, toQuery } from "./client.ts";
import { wholePage } from "./whole-page.ts";

export interface LogsQuery {
  limit: number;
  offset?: number;
  /** Counts from the end instead of `offset`. */
  tail?: number;
  q?: string;
}

/** `GET /api/training/local/{id}/logs`: lines ascending; `offset` counts lines (or matches of `q`). */
export async function getLogs(
  id: string,
  { limit, offset, tail, q }: LogsQuery,
  signal?: AbortSignal,
): Promise<LogsReply> {
  const lines = (query: LogsQuery) => readPage(id, { ...query, ...(q && { q }) }, signal);
  const from = (first: number, most: number) =>
    wholePage({ limit: most, offset: first }, (some, at) => lines({ limit: some, offset: at }), {
      count: ({ logs }) => logs.length,
      total: ({ total_lines }) => total_lines,
      join,
    });
  if (tail === undefined) return from(offset ?? 0, limit);
  const last = await lines({ limit, tail });
  const missing = Math.min(tail, last.total_lines) - last.logs.length;
  if (missing <= 0) return last;
  const first = await from(last.offset - missing, missing);
  return { ...join(first, last), offset: first.offset };
}

const join = (first: LogsReply, next: LogsReply): LogsReply => ({
  ...first,
  total_lines: next.total_lines,
  logs: [...first.logs, ...next.logs],
});

function readPage(id: string, query: LogsQuery, signal?: AbortSignal): Promise<LogsReply> {
  return apiFetch(`/api/training/local/${encodeURIComponent(id)}/logs${toQuery({ ...query })}`, {
    schema: logsReplySchema,
    signal,
  });
}
