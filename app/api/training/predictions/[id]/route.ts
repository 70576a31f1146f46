import { predictionsReplySchema } from "@signalbox/protocol/data/prediction";
import { predictionsQuerySchema } from "@signalbox/protocol/data/prediction-query";
import { apiRoute } from "@/lib/server/api-route";
import { readPredictions } from "@/lib/server/predictions/read-predictions";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: predictionsQuerySchema,
    summary: "List predictions of an epoch, optionally compared with another",
    reply: predictionsReplySchema,
  },
  ({ principal, params, query }) => readPredictions(principal, params.id, query),
);
