import { commandListSchema } from "@signalbox/protocol/job/command";
import { apiRoute } from "@/lib/server/api-route";
import { listCommands } from "@/lib/server/commands/list-commands";
import { jobParams, pageQuery } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: pageQuery,
    summary: "List a run's commands, newest first",
    reply: commandListSchema,
  },
  ({ principal, params, query }) => listCommands(principal, params.id, query),
);
