import {
  byEpochQuerySchema,
  predictionTrendsReplySchema,
} from "@signalbox/protocol/data/prediction";
import { apiRoute } from "@/lib/server/api-route";
import { readPredictionTrends } from "@/lib/server/predictions/read-predictions";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: byEpochQuerySchema,
    summary: "Get prediction quality by epoch",
    reply: predictionTrendsReplySchema,
  },
  ({ principal, params, query }) => readPredictionTrends(principal, params.id, query),
);
