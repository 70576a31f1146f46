import type { pointsQuerySchema } from "@signalbox/protocol/data/metrics";
import type { StoredTuple } from "@signalbox/protocol/stream/stream-row";
import type { WireNumber } from "@signalbox/protocol/wire/wire-number";
import type { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { loadJob } from "../jobs/load-job";
import { callRpc } from "../rpc/call-rpc";
import { maxPageBatches, metricBatches } from "./metric-batches";

interface SdkPoint {
  name: string;
  value: WireNumber;
  step: number;
  epoch: number | null;
  phase: string | null;
  data: Record<string, never>;
  created_at: string;
  seq: number;
}

/**
 * Points in the streaming SDKs' shape: all points stored after a seq (which includes late ones),
 * those after a step, or, without a cursor, the newest.
 */
export async function readPoints(
  principal: UserPrincipal,
  jobId: string,
  query: z.output<typeof pointsQuerySchema>,
) {
  const { key } = await loadJob(principal, jobId);
  const names = query.name === undefined ? undefined : [query.name];
  const page = { p_job_key: key, p_limit: query.limit, p_names: names ?? null };
  if (query.after_seq !== undefined) {
    const read = await pointsAfterSeq(key, query.after_seq, query.limit, names);
    return { job_id: jobId, ...read };
  }
  if (query.after_step !== undefined) {
    const read = await callRpc("read_points_after_step", {
      ...page,
      p_after_step: query.after_step,
    });
    return { job_id: jobId, ...read };
  }
  return { job_id: jobId, ...(await callRpc("read_latest_points", page)) };
}

async function pointsAfterSeq(
  key: number,
  after: number,
  limit: number,
  names: readonly string[] | undefined,
) {
  const read = await metricBatches(key, {
    after,
    names,
    // Each batch has a point, if none is left out.
    expected: names ? undefined : limit,
    most: maxPageBatches,
  });
  const points: SdkPoint[] = [];
  let next_seq = after;
  for await (const { seq, series } of read.batches) {
    for (const [name, tuples] of Object.entries(series)) {
      points.push(...tuples.map((tuple) => pointOf(name, tuple, seq)));
    }
    next_seq = seq;
    if (points.length >= limit) break;
  }
  return { points, next_seq, total: read.total };
}

function pointOf(
  name: string,
  [step, value, ms, epoch, phase]: StoredTuple,
  seq: number,
): SdkPoint {
  return {
    name,
    value,
    step,
    epoch: typeof epoch === "number" ? epoch : null,
    phase: typeof phase === "string" ? phase : null,
    data: {},
    created_at: new Date(ms).toISOString(),
    seq,
  };
}
