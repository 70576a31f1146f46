import { commandReplySchema, updateParamsBodySchema } from "@signalbox/protocol/job/command";
import { apiRoute } from "@/lib/server/api-route";
import { commandResponse } from "@/lib/server/commands/command-response";
import { updateParams } from "@/lib/server/commands/update-params";
import { jobParams } from "@/lib/server/route-params";

export const PATCH = apiRoute(
  {
    scope: "control",
    params: jobParams,
    body: updateParamsBodySchema,
    summary: "Change parameters while the run trains",
    details:
      "A parameter that the trainer did not declare as live is a 422 that lists the live parameters.",
    reply: { 202: commandReplySchema },
    example: { learning_rate: 0.0015 },
    errors: ["conflict", "backend_unavailable"],
  },
  async ({ principal, params, body }) => {
    const { command_id, reason, ...values } = body;
    const command = await updateParams(principal, params.id, values, { id: command_id, reason });
    return commandResponse(params.id, "update_params", command);
  },
);
