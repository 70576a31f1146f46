import {
  jobListSchema,
  jobSchema,
  listJobsQuerySchema,
  startJobBodySchema,
} from "@signalbox/protocol/job/job";
import { apiRoute } from "@/lib/server/api-route";
import { idempotencyKey } from "@/lib/server/idempotency-key";
import { listJobs } from "@/lib/server/jobs/list-jobs";
import { startJob } from "@/lib/server/jobs/start-job";

export const GET = apiRoute(
  {
    scope: "read",
    query: listJobsQuerySchema,
    summary: "List runs, newest first",
    reply: jobListSchema,
  },
  ({ principal, query }) => listJobs(principal, query),
);

export const POST = apiRoute(
  {
    scope: "control",
    body: startJobBodySchema,
    summary: "Start a run on the training backend",
    details:
      "Returns 201, or 200 with the same run for a repeated Idempotency-Key. A config that the trainer rejects is a 422 that names the fields, as is a kind without a trainer; so is a dataset_id, until there are datasets. A config that names a run to start from must name one of yours on the training backend; any other is a 422, the same whether it exists or not. The same key with another body is a 409.",
    reply: { 201: jobSchema, 200: jobSchema },
    example: { kind: "sft", name: "first try", config: { epochs: 3, learning_rate: 0.003 } },
    idempotent: true,
    needsDiskSpace: true,
    errors: ["conflict", "backend_unavailable"],
  },
  async ({ request, principal, body }) => {
    const { job, created } = await startJob(principal, body, idempotencyKey(request));
    return Response.json(job, { status: created ? 201 : 200 });
  },
);
