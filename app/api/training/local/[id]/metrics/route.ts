import { columnsReplySchema } from "@signalbox/protocol/data/bucket-columns";
import {
  metricsQuerySchema,
  seriesReplySchema,
  wideMetricsReplySchema,
} from "@signalbox/protocol/data/metrics";
import { z } from "zod";
import { apiRoute } from "@/lib/server/api-route";
import { readSeries, readWideMetrics } from "@/lib/server/read/metrics";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: metricsQuerySchema,
    summary: "Get a run's metrics: raw rows, or buckets for a chart",
    details:
      "Raw rows are in the order of arrival, paged by after_seq. A bucket has the min, max, mean, first and last value of its raw points.",
    reply: z.union([seriesReplySchema, columnsReplySchema, wideMetricsReplySchema]),
  },
  ({ principal, params, query }) =>
    query.buckets === undefined
      ? readWideMetrics(principal, params.id, query)
      : readSeries(principal, params.id, { ...query, buckets: query.buckets }),
);
