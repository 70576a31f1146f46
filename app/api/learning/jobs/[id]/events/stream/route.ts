import {
  eventsStreamQuerySchema,
  learningEventFrameSchema,
} from "@signalbox/protocol/stream/stream";
import { apiRoute } from "@/lib/server/api-route";
import { eventsStreamResponse } from "@/lib/server/realtime/http/stream-response";
import { jobParams } from "@/lib/server/route-params";

export const dynamic = "force-dynamic";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    summary: "Stream a run's events",
    details:
      "Every event after since_seq or Last-Event-ID, from the first one by default, then live ones, one in each frame's data. After a terminal state comes training.completed, training.failed or training.cancelled without a seq, and the connection closes. 204 where the run has ended and the cursor has every row. A cursor of another run or from before the run was created again begins at the start.",
    query: eventsStreamQuerySchema,
    frames: learningEventFrameSchema,
    mayEnd: true,
    errors: ["backend_unavailable"],
  },
  ({ request, principal, params, query }) =>
    eventsStreamResponse(request, principal, params.id, query.since_seq),
);
