import { ackBodySchema, ackReplySchema } from "@signalbox/protocol/command";
import { apiRoute } from "@/lib/server/api-route";
import { ackCommand } from "@/lib/server/commands/ack-command";
import { commandParams } from "@/lib/server/route-params";

export const POST = apiRoute(
  {
    scope: "ingest",
    params: commandParams,
    body: ackBodySchema,
    summary: "The trainer's answer to a command",
    details: "applied_step is the step from which it holds.",
    reply: ackReplySchema,
    example: { status: "applied", applied_step: 4310 },
    errors: ["conflict"],
  },
  ({ principal, params, body }) => ackCommand(principal, params.id, params.cid, body),
);
