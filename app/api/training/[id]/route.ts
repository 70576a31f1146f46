import { updateJobBodySchema } from "@/lib/contracts/job";
import { apiRoute } from "@/lib/server/api-route";
import { deleteJob } from "@/lib/server/jobs/delete-job";
import { loadJob } from "@/lib/server/jobs/load-job";
import { updateJob } from "@/lib/server/jobs/update-job";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  { scope: "read", params: jobParams },
  async ({ principal, params }) => (await loadJob(principal, params.id)).job,
);

export const PUT = apiRoute(
  { scope: "control", params: jobParams, body: updateJobBodySchema },
  ({ principal, params, body }) => updateJob(principal, params.id, body),
);

export const DELETE = apiRoute(
  { scope: "control", params: jobParams },
  async ({ principal, params }) => {
    await deleteJob(principal, params.id);
    return { success: true };
  },
);
