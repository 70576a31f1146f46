import { samplesQuerySchema, samplesReplySchema } from "@signalbox/protocol/data/prediction";
import { apiRoute } from "@/lib/server/api-route";
import { readSamples } from "@/lib/server/predictions/read-predictions";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: samplesQuerySchema,
    summary: "Get the prompts and ground truths of samples",
    reply: samplesReplySchema,
  },
  ({ principal, params, query }) => readSamples(principal, params.id, query.ids),
);
