import { rowsOfColumns } from "@signalbox/protocol/data/bucket-columns";
import type { runsMetricsQuerySchema } from "@signalbox/protocol/data/compare";
import type { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { callRpc } from "../rpc/call-rpc";

/** Series of several runs in one round trip; the size depends on the buckets, not on the history. */
export async function readRunsMetrics(
  principal: UserPrincipal,
  query: z.output<typeof runsMetricsQuerySchema>,
) {
  const read = await callRpc("read_series_of_runs", {
    p_user_id: principal.userId,
    p_job_ids: query.runs,
    p_names: query.names ?? null,
    p_from: query.from ?? null,
    p_to: query.to ?? null,
    p_buckets: query.buckets,
    p_x: query.x,
  });
  const runs = read.map(({ read: own, ...run }) => {
    const reply = { ...run, ...own };
    return query.format === "columns" ? reply : rowsOfColumns(reply);
  });
  const found = new Set(runs.map((run) => run.job_id));
  return { runs, missing: query.runs.filter((id) => !found.has(id)) };
}
