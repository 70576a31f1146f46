import { historyLimits, type metricsQuerySchema } from "@signalbox/protocol/data/metrics";
import type { StoredTuple } from "@signalbox/protocol/stream/stream-row";
import type { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { loadJob } from "../jobs/load-job";
import { maxPageBatches, metricBatches } from "./metric-batches";

type Query = z.output<typeof metricsQuerySchema>;

type WideRow = { step: number; epoch: number | null; timestamp: string } & Record<string, unknown>;

const defaultPageRows = 1000;
const pageBytes = 1024 * 1024;

/** About how long rows are as JSON. */
function bytesOf(rows: readonly WideRow[]): number {
  let bytes = 0;
  for (const row of rows) {
    bytes += 80;
    for (const name in row) bytes += name.length + 24;
  }
  return bytes;
}

/** Raw points as wide rows: a page of them where `after_seq` or `limit` is given, else all. */
export async function readWideMetrics(principal: UserPrincipal, jobId: string, query: Query) {
  const { key } = await loadJob(principal, jobId);
  const whole = query.after_seq === undefined && query.limit === undefined;
  const read = whole ? readHistory : readPage;
  return { job_id: jobId, ...(await read(key, query)) };
}

/** Whole batches after `after_seq` in the order of arrival, up to about `limit` rows or 1 MiB. */
async function readPage(key: number, query: Query) {
  const limit = query.limit ?? defaultPageRows;
  const after = query.after_seq ?? 0;
  const all = query.names === undefined && query.from === undefined && query.to === undefined;
  const read = await metricBatches(key, {
    after,
    names: query.names,
    // Each batch has a row, if none is left out.
    expected: all ? limit : undefined,
    most: maxPageBatches,
  });
  const metrics: WideRow[] = [];
  let bytes = 0;
  let next_seq = after;
  for await (const batch of read.batches) {
    const rows = wideRows(batch.series, query);
    metrics.push(...rows);
    bytes += bytesOf(rows);
    next_seq = batch.seq;
    if (metrics.length >= limit || bytes >= pageBytes) break;
  }
  return { metrics, next_seq, total: read.total };
}

/**
 * The whole history, ascending by step. Rows of a step that arrived one after the other are one row
 * while they have no series in common, as trainers log training and evaluation apart.
 */
async function readHistory(key: number, query: Query) {
  const read = await metricBatches(key, {
    after: 0,
    names: query.names,
    most: historyLimits.batches,
  });
  const metrics: WideRow[] = [];
  const newest = new Map<string, WideRow>();
  let values = 0;
  let bytes = 0;
  let batches = 0;
  let next_seq = 0;
  for await (const batch of read.batches) {
    batches += 1;
    const rows = wideRows(batch.series, query);
    const more = rows.reduce((sum, row) => sum + Object.keys(row).length - 3, 0);
    const fits =
      metrics.length + rows.length <= historyLimits.rows &&
      values + more <= historyLimits.values &&
      bytes <= historyLimits.bytes &&
      batches < historyLimits.batches;
    if (!fits) {
      return { metrics: byStep(metrics), next_seq, total: read.total, truncated: true };
    }
    values += more;
    bytes += bytesOf(rows);
    next_seq = batch.seq;
    for (const row of rows) {
      const at = `${row.step}/${row.epoch}`;
      const held = newest.get(at);
      if (held && joins(held, row)) {
        Object.assign(held, row);
        continue;
      }
      newest.set(at, row);
      metrics.push(row);
    }
  }
  return { metrics: byStep(metrics), next_seq, total: read.total };
}

function joins(held: WideRow, row: WideRow): boolean {
  return Object.keys(row).every(
    (name) => ["step", "epoch", "timestamp"].includes(name) || !Object.hasOwn(held, name),
  );
}

const byStep = (rows: WideRow[]) => rows.sort((a, b) => a.step - b.step);

function wideRows(
  series: Record<string, StoredTuple[]>,
  { from = 0, to = Number.MAX_SAFE_INTEGER }: Pick<Query, "from" | "to">,
): WideRow[] {
  const rows = new Map<string, WideRow>();
  for (const [name, points] of Object.entries(series)) {
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
  return byStep([...rows.values()]);
}
