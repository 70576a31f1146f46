import { streamQuerySchema, trainingFrameSchema } from "@signalbox/protocol/stream/stream";
import { apiRoute } from "@/lib/server/api-route";
import { jobStreamResponse } from "@/lib/server/realtime/http/stream-response";
import { jobParams } from "@/lib/server/route-params";

export const dynamic = "force-dynamic";

/** The live stream of one job (contract §5). */
export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    summary: "Stream a run",
    details:
      "Sends every row after the cursor, once and in order, then live rows. 204 instead of a stream where the run has ended and the cursor has every row. See docs/stream-protocol.md.",
    query: streamQuerySchema,
    frames: trainingFrameSchema,
    mayEnd: true,
    errors: ["backend_unavailable"],
  },
  ({ request, principal, params, query }) =>
    jobStreamResponse(request, principal, params.id, query),
);
