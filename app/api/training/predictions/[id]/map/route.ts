import { predictionMapReplySchema } from "@signalbox/protocol/prediction";
import { apiRoute } from "@/lib/server/api-route";
import { readPredictionMap } from "@/lib/server/predictions/read-predictions";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    summary: "The learning map: every sample at every epoch, a byte each",
    reply: predictionMapReplySchema,
  },
  ({ principal, params }) => readPredictionMap(principal, params.id),
);
