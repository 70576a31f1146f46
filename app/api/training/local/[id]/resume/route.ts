import { commandReplySchema, resumeBodySchema } from "@signalbox/protocol/job/command";
import { apiRoute } from "@/lib/server/api-route";
import { commandResponse } from "@/lib/server/commands/command-response";
import { controlJob } from "@/lib/server/commands/control-job";
import { jobParams } from "@/lib/server/route-params";

export const POST = apiRoute(
  {
    scope: "control",
    params: jobParams,
    body: resumeBodySchema,
    optionalBody: true,
    summary: "Resume a paused run",
    details:
      "The same as the action resume: a run that cannot be resumed is a 409 that names its state. Null counts as absent, and so does an absent body.",
    reply: { 202: commandReplySchema },
    example: {},
    errors: ["conflict", "backend_unavailable"],
  },
  async ({ principal, params, body }) => {
    const command = await controlJob(principal, params.id, { ...body, action: "resume" });
    return commandResponse(params.id, "resume", command);
  },
);
