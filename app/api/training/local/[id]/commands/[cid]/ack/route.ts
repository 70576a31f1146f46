import { ackBodySchema } from "@/lib/contracts/command";
import { apiRoute } from "@/lib/server/api-route";
import { ackCommand } from "@/lib/server/commands/ack-command";
import { commandParams } from "@/lib/server/route-params";

export const POST = apiRoute(
  { scope: "ingest", params: commandParams, body: ackBodySchema },
  ({ principal, params, body }) => ackCommand(principal, params.id, params.cid, body),
);
