import { pointsQuerySchema, pointsReplySchema } from "@signalbox/protocol/data/metrics";
import { apiRoute } from "@/lib/server/api-route";
import { readPoints } from "@/lib/server/read/points";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: pointsQuerySchema,
    summary: "List points of all series or of one: the newest, or those after a step or a seq",
    details:
      "Without after_step and after_seq: the newest points, ascending by step. Use after_seq to receive all points, including late ones, however many arrive.",
    reply: pointsReplySchema,
  },
  ({ principal, params, query }) => readPoints(principal, params.id, query),
);
