import { jobsFrameSchema, jobsStreamQuerySchema } from "@signalbox/protocol/stream/stream";
import { apiRoute } from "@/lib/server/api-route";
import { jobsStreamResponse } from "@/lib/server/realtime/http/stream-response";

export const dynamic = "force-dynamic";

/** The live stream of all the user's jobs (contract §5). */
export const GET = apiRoute(
  {
    scope: "read",
    summary: "Stream all runs",
    query: jobsStreamQuerySchema,
    frames: jobsFrameSchema,
    errors: ["backend_unavailable"],
  },
  ({ request, principal, query }) => jobsStreamResponse(request, principal, query),
);
