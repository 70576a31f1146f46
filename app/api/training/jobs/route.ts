import { listJobsQuerySchema, startJobBodySchema } from "@/lib/contracts/job";
import { apiRoute } from "@/lib/server/api-route";
import { idempotencyKey } from "@/lib/server/idempotency-key";
import { listJobs } from "@/lib/server/jobs/list-jobs";
import { startJob } from "@/lib/server/jobs/start-job";

export const GET = apiRoute({ scope: "read", query: listJobsQuerySchema }, ({ principal, query }) =>
  listJobs(principal, query),
);

export const POST = apiRoute(
  { scope: "control", body: startJobBodySchema },
  async ({ request, principal, body }) => {
    const { job, created } = await startJob(principal, body, idempotencyKey(request));
    return Response.json(job, { status: created ? 201 : 200 });
  },
);
