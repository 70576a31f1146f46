import { reportStatusBodySchema } from "@/lib/contracts/ingest";
import { jobStatusReplySchema } from "@/lib/contracts/job";
import { apiRoute } from "@/lib/server/api-route";
import { reportStatus } from "@/lib/server/ingest/ingest";
import { loadJob } from "@/lib/server/jobs/load-job";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute({ scope: "read", params: jobParams }, async ({ principal, params }) =>
  jobStatusReplySchema.strip().parse((await loadJob(principal, params.id)).job),
);

export const POST = apiRoute(
  { scope: "ingest", params: jobParams, body: reportStatusBodySchema },
  (input) => reportStatus({ ...input, jobId: input.params.id }),
);
