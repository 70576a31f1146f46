import { timelineQuerySchema, timelineReplySchema } from "@signalbox/protocol/data/read";
import { apiRoute } from "@/lib/server/api-route";
import { readTimeline } from "@/lib/server/read/activity";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: timelineQuerySchema,
    summary: "List a run's state changes and phases",
    details:
      "Always ascending. Without a cursor: the newest page, so that the end of a long run is on it. A state change is a phase named after the state; metadata.kind says what a row is.",
    reply: timelineReplySchema,
  },
  ({ principal, params, query }) => readTimeline(principal, params.id, query),
);
