import { commandReplySchema, controlBodySchema } from "@signalbox/protocol/command";
import { apiRoute } from "@/lib/server/api-route";
import { commandResponse } from "@/lib/server/commands/command-response";
import { controlJob } from "@/lib/server/commands/control-job";
import { jobParams } from "@/lib/server/route-params";

export const POST = apiRoute(
  {
    scope: "control",
    params: jobParams,
    body: controlBodySchema,
    summary: "Pauses, resumes, stops a run, or saves a checkpoint",
    details:
      "202: the command is stored. It holds once its status is applied, which the trainer says itself. A state that forbids it is a 409 that names the state.",
    reply: { 202: commandReplySchema },
    example: { action: "pause", mode: "release" },
    errors: ["conflict", "backend_unavailable"],
  },
  async ({ principal, params, body }) =>
    commandResponse(params.id, body.action, await controlJob(principal, params.id, body)),
);
