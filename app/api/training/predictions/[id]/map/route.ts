import { predictionMapReplySchema } from "@signalbox/protocol/data/prediction";
import { apiRoute } from "@/lib/server/api-route";
import { readPredictionMap } from "@/lib/server/predictions/read-predictions";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    summary: "Get the learning map: one byte per sample and epoch",
    reply: predictionMapReplySchema,
  },
  ({ principal, params }) => readPredictionMap(principal, params.id),
);
