import { heartbeatBodySchema } from "@/lib/contracts/ingest";
import { apiRoute } from "@/lib/server/api-route";
import { heartbeat } from "@/lib/server/ingest/ingest";
import { jobParams } from "@/lib/server/route-params";

export const POST = apiRoute(
  { scope: "ingest", params: jobParams, body: heartbeatBodySchema, optionalBody: true },
  ({ principal, params, body }) => heartbeat(principal, params.id, body),
);
