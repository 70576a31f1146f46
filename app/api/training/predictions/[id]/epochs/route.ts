import {
  byEpochQuerySchema,
  predictionEpochsReplySchema,
} from "@signalbox/protocol/data/prediction";
import { apiRoute } from "@/lib/server/api-route";
import { readPredictionEpochs } from "@/lib/server/predictions/read-predictions";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: byEpochQuerySchema,
    summary: "List epochs with predictions",
    reply: predictionEpochsReplySchema,
  },
  ({ principal, params, query }) => readPredictionEpochs(principal, params.id, query),
);
