import { apiRoute } from "@/lib/server/api-route";
import { jobStreamResponse } from "@/lib/server/realtime/stream-response";
import { jobParams } from "@/lib/server/route-params";

export const dynamic = "force-dynamic";

/** The live stream of a job's predictions alone (contract §5), `?epoch=` for those of one epoch. */
export const GET = apiRoute(
  { scope: "read", params: jobParams },
  ({ request, principal, params }) =>
    jobStreamResponse(request, principal, params.id, { streams: "prediction" }),
);
