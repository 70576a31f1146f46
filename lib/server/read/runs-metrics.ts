import { rowsOfColumns } from "@signalbox/protocol/bucket-columns";
import {
  type RunTail,
  runColumnsSchema,
  type runsMetricsQuerySchema,
  type runsTailQuerySchema,
} from "@signalbox/protocol/compare";
import { wireNumberSchema } from "@signalbox/protocol/primitives";
import { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { callRpc } from "../supabase";

const readsSchema = z.array(
  runColumnsSchema
    .omit({ last_seq: true, series: true })
    .extend({ read: runColumnsSchema.pick({ last_seq: true, series: true }) }),
);

/** Series of several runs in one round trip; the size depends on the buckets, not on the history. */
export async function readRunsMetrics(
  principal: UserPrincipal,
  query: z.output<typeof runsMetricsQuerySchema>,
) {
  const read = readsSchema.parse(
    await callRpc("read_series_of_runs", {
      p_user_id: principal.userId,
      p_job_ids: query.runs,
      p_names: query.names ?? null,
      p_from: query.from ?? null,
      p_to: query.to ?? null,
      p_buckets: query.buckets,
      p_x: query.x,
    }),
  );
  const runs = read.map(({ read: own, ...run }) => {
    const reply = { ...run, ...own };
    return query.format === "columns" ? reply : rowsOfColumns(reply);
  });
  const found = new Set(runs.map((run) => run.job_id));
  return { runs, missing: query.runs.filter((id) => !found.has(id)) };
}

const tailsSchema = z.array(
  z.object({
    job_id: z.string(),
    generation: z.string(),
    last_seq: z.number(),
    batches: z.array(
      z.object({
        seq: z.number(),
        series: z.record(
          z.string(),
          z.array(z.tuple([z.number(), wireNumberSchema, z.number()]).rest(z.unknown())),
        ),
      }),
    ),
  }),
);

const batchesAtOnce = 500;
const bytesAtOnce = 256 * 1024;

/** New metrics of several runs, each after a seq, in whole batches. */
export async function readRunsTails(
  principal: UserPrincipal,
  query: z.output<typeof runsTailQuerySchema>,
) {
  const tails = tailsSchema.parse(
    await callRpc("read_tails_of_runs", {
      p_user_id: principal.userId,
      p_job_ids: query.runs,
      p_after: query.after,
      p_limit: batchesAtOnce,
      p_max_bytes: bytesAtOnce,
    }),
  );
  const after = new Map(query.runs.map((id, index) => [id, query.after[index] ?? 0]));
  return {
    runs: tails.map(({ batches, ...run }): RunTail => {
      const series: RunTail["series"] = {};
      for (const batch of batches) {
        for (const [name, points] of Object.entries(batch.series)) {
          series[name] ??= [];
          for (const [step, value, ts, epoch] of points) {
            const known = typeof epoch === "number" ? epoch : null;
            series[name].push([step, value, batch.seq, ts, known]);
          }
        }
      }
      // Only a read that came to its limits can have left something behind.
      const end = batches.at(-1)?.seq ?? after.get(run.job_id) ?? 0;
      const all = batches.length < batchesAtOnce && bytesOf(batches) < bytesAtOnce / 4;
      return { ...run, series, next_seq: all ? run.last_seq : end };
    }),
  };
}

/** About as many bytes as the database counted: jsonb takes some 12 a figure. */
function bytesOf(batches: readonly { series: Record<string, unknown[]> }[]): number {
  let points = 0;
  for (const { series } of batches) {
    for (const list of Object.values(series)) points += list.length;
  }
  return points * 40;
}
