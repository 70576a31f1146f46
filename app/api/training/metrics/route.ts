import {
  runsColumnsReplySchema,
  runsMetricsQuerySchema,
  runsMetricsReplySchema,
} from "@signalbox/protocol/data/compare";
import { z } from "zod";
import { apiRoute } from "@/lib/server/api-route";
import { readRunsMetrics } from "@/lib/server/read/runs-metrics";

export const GET = apiRoute(
  {
    scope: "read",
    query: runsMetricsQuerySchema,
    summary: "Get series of several runs, in buckets",
    reply: z.union([runsMetricsReplySchema, runsColumnsReplySchema]),
  },
  ({ principal, query }) => readRunsMetrics(principal, query),
);
