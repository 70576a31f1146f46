import { ingestEventsBodySchema, ingestReplySchema } from "@signalbox/protocol/data/ingest";
import { apiRoute } from "@/lib/server/api-route";
import { ingestEvents } from "@/lib/server/ingest/ingest";
import { jobParams } from "@/lib/server/route-params";

export const POST = apiRoute(
  {
    scope: "ingest",
    params: jobParams,
    body: ingestEventsBodySchema,
    summary: "Log events",
    reply: ingestReplySchema,
    example: { events: [{ type: "gradient_clipped", level: "warning", data: { norm: 12.5 } }] },
    idempotent: true,
    needsDiskSpace: true,
    errors: ["conflict"],
  },
  (input) => ingestEvents({ ...input, jobId: input.params.id }),
);
