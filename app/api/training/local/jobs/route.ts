import { attachJobBodySchema, attachJobReplySchema } from "@signalbox/protocol/job";
import { apiRoute } from "@/lib/server/api-route";
import { AppError } from "@/lib/server/errors";
import { attachJob } from "@/lib/server/jobs/attach-job";

export const POST = apiRoute(
  {
    scope: "ingest",
    usersOnly: true,
    body: attachJobBodySchema,
    summary: "Attaches a run that a trainer runs by itself",
    details:
      "Creates or updates it. The job_token in the reply is good for this run's ingest and commands; asking again replaces it.",
    reply: attachJobReplySchema,
    example: {
      job_id: "my-first-run",
      total_steps: 1000,
      live_params: { learning_rate: { min: 0, max: 1 } },
    },
    errors: ["conflict"],
  },
  async ({ principal, body }) => {
    if (principal.kind === "job_token") {
      throw new AppError("forbidden", "A job token is good for its job's ingest only.");
    }
    return attachJob(principal, body);
  },
);
