import { attachJobBodySchema } from "@/lib/contracts/job";
import { apiRoute } from "@/lib/server/api-route";
import { AppError } from "@/lib/server/errors";
import { attachJob } from "@/lib/server/jobs/attach-job";

export const POST = apiRoute(
  { scope: "ingest", body: attachJobBodySchema },
  async ({ principal, body }) => {
    if (principal.kind === "job_token") {
      throw new AppError("forbidden", "A job token is good for its job's ingest only.");
    }
    return attachJob(principal, body);
  },
);
