import { type ColumnsReply, rowsOfColumns } from "@signalbox/protocol/data/bucket-columns";
import type { metricsQuerySchema, SeriesReply } from "@signalbox/protocol/data/metrics";
import type { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { loadJob } from "../jobs/load-job";
import { callRpc } from "../rpc/call-rpc";

type Query = z.output<typeof metricsQuerySchema>;

/** Series between two steps, in about `buckets` buckets each, in the requested `format`. */
export async function readSeries(
  principal: UserPrincipal,
  jobId: string,
  query: Query & { buckets: number },
): Promise<SeriesReply | ColumnsReply> {
  const { key } = await loadJob(principal, jobId);
  const read = await callRpc("read_series", {
    p_job_key: key,
    p_names: query.names ?? null,
    p_from: query.from ?? null,
    p_to: query.to ?? null,
    p_buckets: query.buckets,
    p_x: query.x,
  });
  const reply = { job_id: jobId, ...read };
  return query.format === "columns" ? reply : rowsOfColumns(reply);
}
