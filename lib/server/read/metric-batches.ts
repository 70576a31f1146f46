import { callRpc } from "../rpc/call-rpc";
import type { RpcReply } from "../rpc/rpc-replies";

type Batch = RpcReply<"read_metric_batches">["batches"][number];

export interface MetricBatches {
  /** How many points the job has of the wanted series. */
  total: number;
  /** The stored batches in the order of arrival, read in pages. */
  batches: AsyncIterable<Batch>;
}

/** Most batches read for one page of a reader: a series that is rare must not hold up its request. */
export const maxPageBatches = 20_000;

const pageBytes = 1024 * 1024;
const pageBatches = 1000;

/**
 * The stored batches of a job after a seq, with the points of `names` alone where they are given.
 * They are read in pages, so that neither memory nor a statement's time grows with the history.
 * @param expected how many batches are probably enough
 * @param most how many are read at most
 */
export async function metricBatches(
  key: number,
  {
    after,
    names,
    expected = pageBatches,
    most,
  }: { after: number; names?: readonly string[]; expected?: number; most: number },
): Promise<MetricBatches> {
  const read = (from: number) =>
    callRpc("read_metric_batches", {
      p_job_key: key,
      p_after: from,
      p_limit: Math.min(expected, pageBatches),
      p_max_bytes: pageBytes,
      p_names: names ?? null,
    });
  const first = await read(after);
  async function* follow() {
    for (let page = first, count = 0; count < most; ) {
      const last = page.batches.at(-1);
      if (!last) return;
      yield* page.batches;
      count += page.batches.length;
      page = await read(last.seq);
    }
  }
  return { total: first.total, batches: follow() };
}
