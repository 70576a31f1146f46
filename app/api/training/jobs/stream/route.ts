import { jobsFrameSchema } from "@signalbox/protocol/stream/stream";
import { apiRoute } from "@/lib/server/api-route";
import { jobsStreamResponse } from "@/lib/server/realtime/http/stream-response";

export const dynamic = "force-dynamic";

/** The live stream of all the user's jobs (contract §5). */
export const GET = apiRoute(
  {
    scope: "read",
    summary: "Stream all runs",
    frames: jobsFrameSchema,
    errors: ["backend_unavailable"],
  },
  ({ request, principal }) => jobsStreamResponse(request, principal),
);
