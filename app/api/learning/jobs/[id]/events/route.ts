import { eventsReplySchema, pageBySeqQuerySchema } from "@signalbox/protocol/data/read";
import { apiRoute } from "@/lib/server/api-route";
import { readEvents } from "@/lib/server/read/activity";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: pageBySeqQuerySchema,
    summary: "List a run's events after a seq",
    reply: eventsReplySchema,
  },
  ({ principal, params, query }) => readEvents(principal, params.id, query),
);
