import { errorsReplySchema } from "@signalbox/protocol/data/read";
import { apiRoute } from "@/lib/server/api-route";
import { readErrors } from "@/lib/server/read/errors";
import { jobParams, pageQuery } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: pageQuery,
    summary: "List error events, with the last traceback and the reason of a failure",
    reply: errorsReplySchema,
  },
  ({ principal, params, query }) => readErrors(principal, params.id, query),
);
