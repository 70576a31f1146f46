import { controlBodySchema } from "@/lib/contracts/command";
import { apiRoute } from "@/lib/server/api-route";
import { commandResponse } from "@/lib/server/commands/command-response";
import { controlJob } from "@/lib/server/commands/control-job";
import { jobParams } from "@/lib/server/route-params";

export const POST = apiRoute(
  { scope: "control", params: jobParams, body: controlBodySchema },
  async ({ principal, params, body }) =>
    commandResponse(params.id, body.action, await controlJob(principal, params.id, body)),
);
