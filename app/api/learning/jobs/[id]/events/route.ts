import { eventsReplySchema, pageBySeqQuerySchema } from "@signalbox/protocol/data/read";
import { apiRoute } from "@/lib/server/api-route";
import { readEvents } from "@/lib/server/read/activity";
import { eventsStreamResponse } from "@/lib/server/realtime/http/stream-response";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: pageBySeqQuerySchema,
    summary: "List a run's events after a seq",
    details: "With Accept: text/event-stream, the stream of …/events/stream instead.",
    reply: eventsReplySchema,
  },
  async ({ request, principal, params, query }) =>
    request.headers.get("accept")?.includes("text/event-stream")
      ? eventsStreamResponse(request, principal, params.id, query.since_seq)
      : readEvents(principal, params.id, query),
);
