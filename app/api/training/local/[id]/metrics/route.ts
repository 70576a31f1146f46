import { metricsQuerySchema } from "@/lib/contracts/metrics";
import { apiRoute } from "@/lib/server/api-route";
import { readSeries, readWideMetrics } from "@/lib/server/read/metrics";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  { scope: "read", params: jobParams, query: metricsQuerySchema },
  ({ principal, params, query }) =>
    query.buckets === undefined
      ? readWideMetrics(principal, params.id, query)
      : readSeries(principal, params.id, { ...query, buckets: query.buckets }),
);
