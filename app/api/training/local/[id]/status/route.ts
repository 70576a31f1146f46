import { reportStatusBodySchema, signOfLifeReplySchema } from "@signalbox/protocol/data/ingest";
import { jobStatusReplySchema } from "@signalbox/protocol/job/job";
import { apiRoute } from "@/lib/server/api-route";
import { reportStatus } from "@/lib/server/ingest/ingest";
import { loadJob } from "@/lib/server/jobs/load-job";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    summary: "Get a run's status and progress",
    reply: jobStatusReplySchema,
  },
  async ({ principal, params }) =>
    jobStatusReplySchema.strip().parse((await loadJob(principal, params.id)).job),
);

export const POST = apiRoute(
  {
    scope: "ingest",
    params: jobParams,
    body: reportStatusBodySchema,
    summary: "Report the trainer's status, phase or progress",
    details:
      "A status that the run's state does not allow is a 409 that names the state. PATCH does the same.",
    reply: signOfLifeReplySchema,
    example: { status: "succeeded", progress: 1 },
    idempotent: true,
    errors: ["conflict"],
  },
  (input) => reportStatus({ ...input, jobId: input.params.id }),
);

export { POST as PATCH };
