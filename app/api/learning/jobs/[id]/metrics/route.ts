import { pointsQuerySchema, pointsReplySchema } from "@signalbox/protocol/metrics";
import { apiRoute } from "@/lib/server/api-route";
import { readPoints } from "@/lib/server/read/metrics";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: pointsQuerySchema,
    summary: "Points of all series, beyond a step or after a seq",
    details: "A reader that must miss nothing goes by after_seq.",
    reply: pointsReplySchema,
  },
  ({ principal, params, query }) => readPoints(principal, params.id, query),
);
