import { runsFrameSchema, runsStreamQuerySchema } from "@signalbox/protocol/stream/runs-stream";
import { apiRoute } from "@/lib/server/api-route";
import { runsStreamResponse } from "@/lib/server/realtime/http/stream-response";

export const dynamic = "force-dynamic";

/** The live stream of several jobs (contract §5). */
export const GET = apiRoute(
  {
    scope: "read",
    summary: "The live stream of several runs",
    details:
      "The frames of each run's own stream, in an envelope that names the run, with one cursor for all of them. 204 instead of a stream where every run has ended and the cursor has every row. See docs/stream-protocol.md.",
    query: runsStreamQuerySchema,
    frames: runsFrameSchema,
    mayEnd: true,
    errors: ["not_found", "backend_unavailable"],
  },
  ({ request, principal, query }) => runsStreamResponse(request, principal, query),
);
