import { timelineQuerySchema, timelineReplySchema } from "@signalbox/protocol/data/read";
import { apiRoute } from "@/lib/server/api-route";
import { readTimeline } from "@/lib/server/read/activity";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: timelineQuerySchema,
    summary: "List status changes, phases, events and commands as one timeline",
    reply: timelineReplySchema,
  },
  ({ principal, params, query }) => readTimeline(principal, params.id, query),
);
