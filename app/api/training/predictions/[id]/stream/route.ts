import {
  predictionStreamQuerySchema,
  trainingFrameSchema,
} from "@signalbox/protocol/stream/stream";
import { apiRoute } from "@/lib/server/api-route";
import { jobStreamResponse } from "@/lib/server/realtime/http/stream-response";
import { jobParams } from "@/lib/server/route-params";

export const dynamic = "force-dynamic";

/** The live stream of a job's predictions alone (contract §5), `?epoch=` for those of one epoch. */
export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    summary: "Stream a run's predictions",
    details: "204 instead of a stream where the run has ended and the cursor has every row.",
    query: predictionStreamQuerySchema,
    frames: trainingFrameSchema,
    mayEnd: true,
    errors: ["backend_unavailable"],
  },
  ({ request, principal, params, query }) =>
    jobStreamResponse(request, principal, params.id, { ...query, streams: ["prediction"] }),
);
