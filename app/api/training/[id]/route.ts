import { successReplySchema } from "@signalbox/protocol/data/read";
import { jobSchema, updateJobBodySchema } from "@signalbox/protocol/job/job";
import { apiRoute } from "@/lib/server/api-route";
import { deleteJob } from "@/lib/server/jobs/delete-job";
import { loadJob } from "@/lib/server/jobs/load-job";
import { withQueuePosition } from "@/lib/server/jobs/trainer-queue";
import { updateJob } from "@/lib/server/jobs/update-job";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  { scope: "read", params: jobParams, summary: "Get a run", reply: jobSchema },
  async ({ principal, params }) =>
    withQueuePosition(principal, (await loadJob(principal, params.id)).job),
);

export const PUT = apiRoute(
  {
    scope: "control",
    params: jobParams,
    body: updateJobBodySchema,
    summary: "Update a run's name, tags, notes or archived state",
    reply: jobSchema,
    example: { notes: "lower learning rate" },
  },
  ({ principal, params, body }) => updateJob(principal, params.id, body),
);

export const DELETE = apiRoute(
  {
    scope: "control",
    params: jobParams,
    summary: "Delete a run and all its data",
    details: "Rejected while the run is active.",
    reply: successReplySchema,
    errors: ["conflict"],
  },
  async ({ principal, params }) => {
    await deleteJob(principal, params.id);
    return { success: true };
  },
);
