import { predictionsQuerySchema, predictionsReplySchema } from "@signalbox/protocol/prediction";
import { apiRoute } from "@/lib/server/api-route";
import { readPredictions } from "@/lib/server/predictions/read-predictions";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: predictionsQuerySchema,
    summary: "Predictions of an epoch, also beside those of another",
    reply: predictionsReplySchema,
  },
  ({ principal, params, query }) => readPredictions(principal, params.id, query),
);
