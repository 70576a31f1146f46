import { attachJobBodySchema, attachJobReplySchema } from "@signalbox/protocol/job/job";
import { apiRoute } from "@/lib/server/api-route";
import { AppError } from "@/lib/server/errors";
import { attachJob } from "@/lib/server/jobs/attach-job";

export { GET } from "../../jobs/route";

export const POST = apiRoute(
  {
    scope: "ingest",
    usersOnly: true,
    body: attachJobBodySchema,
    summary: "Attach a run that a script runs by itself",
    details:
      "Creates or updates the run; a field that is absent or null keeps its value. The job_token in the reply is valid for this run's ingest and command routes until the attempt ends: attaching again during an attempt is an update and returns the same token. A run that failed, or a paused one, is started again by a status of queued, starting or running: a new attempt with a new token, which ends the old one. Fields that are not listed are not stored and named in the reply as ignored; measures such as loss belong to POST /api/training/local/metrics.",
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
      throw new AppError(
        "forbidden",
        "A job token is only valid for the ingest and command routes of its own job.",
      );
    }
    return attachJob(principal, body);
  },
);
