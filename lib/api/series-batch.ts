import type { Series, SeriesReply } from "@signalbox/protocol/data/metrics";
import type { SeriesQuery } from "./metrics.ts";

export interface SeriesRequest {
  name: string;
  buckets: number;
  from?: number | undefined;
  to?: number | undefined;
  x?: SeriesQuery["x"];
}

export interface LoadedSeries {
  /** Null if the job has no such series (yet). */
  series: Series | null;
  lastSeq: number;
}

interface Waiting {
  request: SeriesRequest;
  resolve: (loaded: LoadedSeries) => void;
  reject: (error: unknown) => void;
}

export interface SeriesBatchOptions {
  load: (query: SeriesQuery) => Promise<SeriesReply>;
  /** Runs the callback once the requests of one moment are collected. */
  schedule?: (flush: () => void) => void;
  /** Limits of one request, whose names are in its URL. */
  maxNames?: number;
  maxLength?: number;
}

/** Batches the requests of many panels into one request for each range. */
export function createSeriesBatch({
  load,
  schedule = (flush) => setTimeout(flush, 8),
  maxNames = 60,
  maxLength = 4000,
}: SeriesBatchOptions): (request: SeriesRequest) => Promise<LoadedSeries> {
  let waiting: Waiting[] = [];

  const send = (batch: Waiting[]) => {
    const first = batch[0];
    if (!first) return;
    const names = [...new Set(batch.map(({ request }) => request.name))];
    const { buckets, from, to, x } = first.request;
    load({ names, buckets, from, to, ...(x && { x }) }).then(
      (reply) => {
        const byName = new Map(reply.series.map((series) => [series.name, series]));
        for (const { request, resolve } of batch) {
          resolve({ series: byName.get(request.name) ?? null, lastSeq: reply.last_seq });
        }
      },
      (error: unknown) => {
        for (const { reject } of batch) reject(error);
      },
    );
  };

  const flush = () => {
    const all = waiting;
    waiting = [];
    const byRange = Map.groupBy(
      all,
      ({ request }) => `${request.from} ${request.to} ${request.buckets} ${request.x}`,
    );
    for (const group of byRange.values()) {
      let batch: Waiting[] = [];
      let length = 0;
      for (const one of group) {
        const extra = encodeURIComponent(one.request.name).length + 7;
        if (batch.length >= maxNames || (batch.length > 0 && length + extra > maxLength)) {
          send(batch);
          batch = [];
          length = 0;
        }
        batch.push(one);
        length += extra;
      }
      send(batch);
    }
  };

  return (request) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) schedule(flush);
      waiting.push({ request, resolve, reject });
    });
}
