import {
  predictionMapQuerySchema,
  predictionMapReplySchema,
  scoreMapReplySchema,
} from "@signalbox/protocol/data/prediction";
import { z } from "zod";
import { apiRoute } from "@/lib/server/api-route";
import { readPredictionMap } from "@/lib/server/predictions/read-predictions";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: predictionMapQuerySchema,
    summary: "Get the learning map: one byte per sample and epoch, or the values of a score",
    reply: z.union([scoreMapReplySchema, predictionMapReplySchema]),
  },
  ({ principal, params, query }) => readPredictionMap(principal, params.id, query),
);
