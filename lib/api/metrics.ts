import { columnsReplySchema, rowsOfColumns } from "@signalbox/protocol/data/bucket-columns";
import type { SeriesReply } from "@signalbox/protocol/data/metrics";
import { apiFetch } from "./client.ts";

export interface SeriesQuery {
  names: readonly string[];
  /** How many buckets a series comes in, about. */
  buckets: number;
  from?: number | undefined;
  to?: number | undefined;
  /** The axis whose values the buckets include besides steps. */
  x?: "step" | "epoch" | "time";
}

/** `GET /api/training/local/{id}/metrics?names=&buckets=`: several series, each in buckets. */
export async function getSeries(
  id: string,
  { names, buckets, from, to, x }: SeriesQuery,
  signal?: AbortSignal,
): Promise<SeriesReply> {
  const query = new URLSearchParams();
  // A repeated parameter is not split at commas, which a name may contain.
  for (const name of names) query.append("names", name);
  if (names.length === 1 && names[0]?.includes(",")) query.append("names", names[0]);
  query.set("buckets", String(buckets));
  query.set("format", "columns");
  if (from !== undefined) query.set("from", String(from));
  if (to !== undefined) query.set("to", String(to));
  if (x !== undefined && x !== "step") query.set("x", x);
  const reply = await apiFetch(`/api/training/local/${encodeURIComponent(id)}/metrics?${query}`, {
    schema: columnsReplySchema,
    signal,
  });
  return rowsOfColumns(reply);
}
