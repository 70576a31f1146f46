import { apiRoute } from "@/lib/server/api-route";
import { jobsStreamResponse } from "@/lib/server/realtime/stream-response";

export const dynamic = "force-dynamic";

/** The live stream of all the user's jobs (contract §5). */
export const GET = apiRoute({ scope: "read" }, ({ request, principal }) =>
  jobsStreamResponse(request, principal),
);
