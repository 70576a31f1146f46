import { ackBodySchema, ackReplySchema } from "@signalbox/protocol/job/command";
import { apiRoute } from "@/lib/server/api-route";
import { ackCommand } from "@/lib/server/commands/ack-command";
import { commandParams } from "@/lib/server/route-params";

export const POST = apiRoute(
  {
    scope: "ingest",
    params: commandParams,
    body: ackBodySchema,
    summary: "Acknowledge a command",
    details: "applied_step is the first step with the new values.",
    reply: ackReplySchema,
    example: { status: "applied", applied_step: 4310 },
    errors: ["conflict"],
  },
  ({ principal, params, body }) => ackCommand(principal, params.id, params.cid, body),
);
