import { rowsOfColumns } from "@signalbox/protocol/data/bucket-columns";
import {
  type BulkBody,
  bulkReplySchema,
  facetsReplySchema,
  runsColumnsReplySchema,
  type SaveViewBody,
  savedViewSchema,
  savedViewsSchema,
} from "@signalbox/protocol/data/compare";
import { z } from "zod";
import { apiFetch } from "./client.ts";

/** Keys of the query cache. */
export const compareKeys = {
  runs: (ids: readonly string[]) => ["jobs", "compared", ids] as const,
  series: (query: object) => ["compare", "series", query] as const,
  facets: ["jobs", "facets"] as const,
  views: ["views"] as const,
};

export interface RunsSeriesQuery {
  runs: readonly string[];
  names?: readonly string[];
  buckets: number;
  from?: number | undefined;
  to?: number | undefined;
  /** The axis whose values the buckets include besides steps. */
  x?: "step" | "epoch" | "time";
}

/** `GET /api/training/metrics`: series of several runs at once. */
export async function getRunsSeries(query: RunsSeriesQuery, signal?: AbortSignal) {
  const params = new URLSearchParams({
    runs: query.runs.join(","),
    buckets: String(query.buckets),
    format: "columns",
    ...(query.x && query.x !== "step" && { x: query.x }),
  });
  for (const name of query.names ?? []) params.append("names", name);
  // A repeated parameter is not split at commas, which a name may contain.
  const only = query.names?.length === 1 ? query.names[0] : undefined;
  if (only?.includes(",")) params.append("names", only);
  if (query.from !== undefined) params.set("from", String(query.from));
  if (query.to !== undefined) params.set("to", String(query.to));
  const { runs, missing } = await apiFetch(`/api/training/metrics?${params}`, {
    schema: runsColumnsReplySchema,
    signal,
  });
  return { runs: runs.map(rowsOfColumns), missing };
}

/** `GET /api/training/jobs/facets` */
export function getFacets(signal?: AbortSignal) {
  return apiFetch("/api/training/jobs/facets", { schema: facetsReplySchema, signal });
}

/** `POST /api/training/jobs/bulk` */
export function bulkJobs(body: BulkBody) {
  return apiFetch("/api/training/jobs/bulk", { schema: bulkReplySchema, method: "POST", body });
}

/** `GET /api/training/views` */
export function listViews(signal?: AbortSignal) {
  return apiFetch("/api/training/views?limit=200", { schema: savedViewsSchema, signal });
}

/** `POST /api/training/views` */
export function saveView(body: SaveViewBody) {
  return apiFetch("/api/training/views", { schema: savedViewSchema, method: "POST", body });
}

/** `DELETE /api/training/views/{id}` */
export async function deleteView(id: string): Promise<void> {
  await apiFetch(`/api/training/views/${encodeURIComponent(id)}`, {
    schema: z.unknown(),
    method: "DELETE",
  });
}
