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
      "Every field besides command_id and reason is a parameter; at least one must be given, and null counts as absent. A parameter that the trainer did not declare as live, or a value outside its declared range, is a 422 that lists the live parameters.",
    reply: { 202: commandReplySchema },
    example: { learning_rate: 0.0015 },
    errors: ["conflict", "backend_unavailable"],
  },
  async ({ principal, params, body }) => {
    const { command_id, reason, checkpoint_path: _, ...values } = body;
    const command = await updateParams(principal, params.id, values, { id: command_id, reason });
    return commandResponse(params.id, "update_params", command);
  },
);
