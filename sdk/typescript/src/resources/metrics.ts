import { fromWireNumber } from "@signalbox/protocol/wire/wire-number";
import type { CallOptions, Http, Query } from "../http.ts";
import { newId } from "../ids.ts";
import type {
  IngestReply,
  MetricPage,
  MetricPoint,
  MetricQuery,
  MetricRow,
  SeriesBucket,
  SeriesReply,
} from "../types.ts";
import { localPath } from "./paths.ts";

const pageRows = 5000;
const plainFields = new Set(["step", "epoch", "timestamp"]);
const bucketValues = ["min", "max", "mean", "first", "last"] as const;

/** A run's metrics. NaN and infinities are read and written as numbers. */
export class Metrics {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Raw points as wide rows: the whole history, ascending by step, or with `after_seq` or `limit` a page
   * in the order in which they were reported.
   */
  async get(
    jobId: string,
    query: MetricQuery & { after_seq?: number | undefined; limit?: number | undefined } = {},
    options: CallOptions = {},
  ): Promise<MetricPage> {
    const page = await this.#http.json<MetricPage>("GET", localPath(jobId, "metrics"), {
      ...options,
      query: { ...query, names: named(query.names) },
    });
    return { ...page, metrics: page.metrics.map(readRow) };
  }

  /** All raw points as wide rows; pages are read on demand. */
  async *rows(
    jobId: string,
    query: MetricQuery = {},
    options: CallOptions = {},
  ): AsyncGenerator<MetricRow, void> {
    for (let after = 0; ; ) {
      const page = await this.get(jobId, { ...query, after_seq: after, limit: pageRows }, options);
      yield* page.metrics;
      if (page.next_seq <= after) return;
      after = page.next_seq;
    }
  }

  /** Series between two steps in about `buckets` (1 to 5,000) summaries each. */
  async series(
    jobId: string,
    query: MetricQuery & { buckets?: number; x?: "step" | "epoch" | "time" } = {},
    options: CallOptions = {},
  ): Promise<SeriesReply> {
    const reply = await this.#http.json<SeriesReply>("GET", localPath(jobId, "metrics"), {
      ...options,
      query: { buckets: 500, ...query, names: named(query.names) },
    });
    return {
      ...reply,
      series: reply.series.map((one) => ({ ...one, buckets: one.buckets.map(readBucket) })),
    };
  }

  /** Stores points with the job's token; a retry with the same key stores nothing twice. */
  create(
    jobId: string,
    points: readonly MetricPoint[],
    options: CallOptions & { jobToken?: string | undefined; idempotencyKey?: string } = {},
  ): Promise<IngestReply> {
    const {
      jobToken,
      idempotencyKey = newId("batch", this.#http.clock.wallTime()),
      ...call
    } = options;
    return this.#http.json("POST", "/api/training/local/metrics", {
      ...call,
      body: { job_id: jobId, points },
      headers: { "idempotency-key": idempotencyKey },
      bearer: jobToken,
      repeat: "always",
    });
  }
}

/** A single name with a comma is sent as a list of two, the second of which is empty. */
function named(names: readonly string[] | undefined): Query[string] {
  const [only] = names ?? [];
  return names?.length === 1 && only?.includes(",") ? [only, ""] : names;
}

function readRow(row: MetricRow): MetricRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      plainFields.has(name) ? value : fromWireNumber(value),
    ]),
  ) as MetricRow;
}

function readBucket(bucket: SeriesBucket): SeriesBucket {
  const read = { ...bucket };
  for (const field of bucketValues) {
    const value: unknown = bucket[field];
    if (value !== null) read[field] = fromWireNumber(value);
  }
  return read;
}
