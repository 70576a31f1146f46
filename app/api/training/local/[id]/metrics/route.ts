import { columnsReplySchema } from "@signalbox/protocol/data/bucket-columns";
import { ingestMetricsReplySchema, putMetricsBodySchema } from "@signalbox/protocol/data/ingest";
import {
  metricsQuerySchema,
  seriesReplySchema,
  wideMetricsReplySchema,
} from "@signalbox/protocol/data/metrics";
import { z } from "zod";
import { apiRoute } from "@/lib/server/api-route";
import { ingestMetrics } from "@/lib/server/ingest/ingest";
import { readSeries } from "@/lib/server/read/metrics";
import { readWideMetrics } from "@/lib/server/read/wide-metrics";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: metricsQuerySchema,
    summary: "Get a run's metrics: raw rows, or buckets for a chart",
    details:
      "Without buckets, after_seq and limit: the whole history as rows, ascending by step, up to 50,000 rows, 1,000,000 values or about 16 MiB; a longer one is `truncated` and goes on at next_seq. Rows of the same step and epoch are one row while they have no series in common. With after_seq or limit: a page of rows in the order of arrival. A bucket has the min, max, mean, first and last value of its raw points. Where retention has removed single points, only buckets have the curve.",
    reply: z.union([seriesReplySchema, columnsReplySchema, wideMetricsReplySchema]),
  },
  ({ principal, params, query }) =>
    query.buckets === undefined
      ? readWideMetrics(principal, params.id, query)
      : readSeries(principal, params.id, { ...query, buckets: query.buckets }),
);

export const PUT = apiRoute(
  {
    scope: "ingest",
    params: jobParams,
    body: putMetricsBodySchema,
    summary: "Log one row of metrics, or a batch",
    details:
      "As POST /api/training/local/metrics. The body may also be one wide row as it is. The run is that of the path. Each request adds points, unless it repeats a batch.",
    reply: ingestMetricsReplySchema,
    example: { step: 100, epoch: 1, train_loss: 0.345, learning_rate: 2e-5 },
    idempotent: true,
    errors: ["conflict"],
  },
  (input) => ingestMetrics({ ...input, jobId: input.params.id }),
);
