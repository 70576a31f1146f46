import { byEpochQuerySchema, sampleHistoryReplySchema } from "@signalbox/protocol/data/prediction";
import { apiRoute } from "@/lib/server/api-route";
import { readSampleHistory } from "@/lib/server/predictions/read-predictions";
import { sampleParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: sampleParams,
    query: byEpochQuerySchema,
    summary: "List the predictions of one sample across epochs",
    reply: sampleHistoryReplySchema,
  },
  ({ principal, params, query }) => readSampleHistory(principal, params.id, params.sample, query),
);
