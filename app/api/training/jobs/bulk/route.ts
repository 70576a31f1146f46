import { bulkBodySchema } from "@/lib/contracts/compare";
import { apiRoute } from "@/lib/server/api-route";
import { bulkJobs } from "@/lib/server/jobs/bulk-jobs";

export const POST = apiRoute({ scope: "control", body: bulkBodySchema }, ({ principal, body }) =>
  bulkJobs(principal, body),
);
