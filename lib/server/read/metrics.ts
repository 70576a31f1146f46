import { type ColumnsReply, rowsOfColumns } from "@signalbox/protocol/data/bucket-columns";
import type { metricsQuerySchema, SeriesReply } from "@signalbox/protocol/data/metrics";
import type { StoredTuple } from "@signalbox/protocol/stream/stream-row";
import type { WireNumber } from "@signalbox/protocol/wire/wire-number";
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

async function readBatches(key: number, afterSeq: number, limit: number) {
  return callRpc("read_metric_batches", {
    p_job_key: key,
    p_after: afterSeq,
    p_limit: limit,
    p_max_bytes: 1024 * 1024,
  });
}

type WideRow = { step: number; epoch: number | null; timestamp: string } & Record<string, unknown>;

/**
 * Raw points as wide rows, in the order of arrival: whole batches after `after_seq`, up to about
 * `limit` rows. `next_seq` is the cursor of the next page.
 */
export async function readWideMetrics(principal: UserPrincipal, jobId: string, query: Query) {
  const { key } = await loadJob(principal, jobId);
  const { total, batches } = await readBatches(key, query.after_seq ?? 0, query.limit);
  const wanted = query.names && new Set(query.names);
  const metrics: WideRow[] = [];
  let nextSeq = query.after_seq ?? 0;
  for (const batch of batches) {
    if (metrics.length >= query.limit) break;
    metrics.push(...wideRows(batch.series, wanted, query.from, query.to));
    nextSeq = batch.seq;
  }
  return { job_id: jobId, metrics, next_seq: nextSeq, total };
}

function wideRows(
  series: Record<string, StoredTuple[]>,
  wanted: Set<string> | undefined,
  from = 0,
  to = Number.MAX_SAFE_INTEGER,
): WideRow[] {
  const rows = new Map<string, WideRow>();
  for (const [name, points] of Object.entries(series)) {
    if (wanted && !wanted.has(name)) continue;
    // A repeated step of a series gets a row of its own, so that no value is lost.
    const seen = new Map<string, number>();
    for (const [step, value, ts, epoch] of points) {
      if (step < from || step > to) continue;
      const at = `${step}/${ts}/${epoch ?? ""}`;
      const nth = seen.get(at) ?? 0;
      seen.set(at, nth + 1);
      const id = `${at}/${nth}`;
      const row: WideRow = rows.get(id) ?? {
        step,
        epoch: typeof epoch === "number" ? epoch : null,
        timestamp: new Date(ts).toISOString(),
      };
      row[name] = value;
      rows.set(id, row);
    }
  }
  return [...rows.values()].sort((a, b) => a.step - b.step);
}

interface SdkPoint {
  name: string;
  value: WireNumber;
  step: number;
  epoch: number | null;
  phase: string | null;
  data: Record<string, never>;
  created_at: string;
}

/**
 * Points in the streaming SDKs' shape: after a step, or (`after_seq`) all points stored after a seq,
 * which includes late ones.
 */
export async function readPoints(
  principal: UserPrincipal,
  jobId: string,
  query: { after_step?: number; after_seq?: number; limit: number },
) {
  const { key } = await loadJob(principal, jobId);
  if (query.after_seq === undefined) {
    const page = await callRpc("read_points_after_step", {
      p_job_key: key,
      p_after_step: query.after_step ?? -1,
      p_limit: query.limit,
    });
    return { job_id: jobId, ...page };
  }
  const { total, batches } = await readBatches(key, query.after_seq, query.limit);
  const points: (SdkPoint & { seq: number })[] = [];
  let nextSeq = query.after_seq;
  for (const batch of batches) {
    if (points.length >= query.limit) break;
    for (const [name, tuples] of Object.entries(batch.series)) {
      for (const [step, value, ts, epoch, phase] of tuples) {
        points.push({
          name,
          value,
          step,
          epoch: typeof epoch === "number" ? epoch : null,
          phase: typeof phase === "string" ? phase : null,
          data: {},
          created_at: new Date(ts).toISOString(),
          seq: batch.seq,
        });
      }
    }
    nextSeq = batch.seq;
  }
  return { job_id: jobId, points, next_seq: nextSeq, total };
}
