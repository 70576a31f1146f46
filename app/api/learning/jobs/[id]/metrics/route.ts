import { pointsQuerySchema, pointsReplySchema } from "@signalbox/protocol/data/metrics";
import { apiRoute } from "@/lib/server/api-route";
import { readPoints } from "@/lib/server/read/metrics";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: pointsQuerySchema,
    summary: "List points of all series, after a step or a seq",
    details: "Use after_seq to receive all points, including late ones.",
    reply: pointsReplySchema,
  },
  ({ principal, params, query }) => readPoints(principal, params.id, query),
);
