import { commandReplySchema, controlBodySchema } from "@signalbox/protocol/job/command";
import { apiRoute } from "@/lib/server/api-route";
import { commandResponse } from "@/lib/server/commands/command-response";
import { controlJob } from "@/lib/server/commands/control-job";
import { jobParams } from "@/lib/server/route-params";

export const POST = apiRoute(
  {
    scope: "control",
    params: jobParams,
    body: controlBodySchema,
    summary: "Pause, resume or stop a run, or save a checkpoint",
    details:
      "Returns 202 once the command is stored. It takes effect when the trainer sets its status to applied. A command that the run's state does not allow is a 409 that names the state. Null counts as absent; mode with another action than pause, or checkpoint_id with another than resume, is a 400.",
    reply: { 202: commandReplySchema },
    example: { action: "pause", mode: "release" },
    errors: ["conflict", "backend_unavailable"],
  },
  async ({ principal, params, body }) =>
    commandResponse(params.id, body.action, await controlJob(principal, params.id, body)),
);
