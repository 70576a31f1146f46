import { heartbeatBodySchema, signOfLifeReplySchema } from "@signalbox/protocol/data/ingest";
import { apiRoute } from "@/lib/server/api-route";
import { heartbeat } from "@/lib/server/ingest/ingest";
import { jobParams } from "@/lib/server/route-params";

export const POST = apiRoute(
  {
    scope: "ingest",
    params: jobParams,
    body: heartbeatBodySchema,
    optionalBody: true,
    summary: "Send a heartbeat",
    reply: signOfLifeReplySchema,
    example: { step: 120, progress: 0.12 },
  },
  ({ principal, params, body }) => heartbeat(principal, params.id, body),
);
