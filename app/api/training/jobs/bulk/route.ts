import { bulkBodySchema, bulkReplySchema } from "@signalbox/protocol/data/compare";
import { apiRoute } from "@/lib/server/api-route";
import { bulkJobs } from "@/lib/server/jobs/bulk-jobs";

export const POST = apiRoute(
  {
    scope: "control",
    body: bulkBodySchema,
    summary: "Archive, tag or delete several runs",
    details: "A rejected run does not affect the others. A deleted run can be restored for 20 s.",
    reply: bulkReplySchema,
    example: { ids: ["run-1", "run-2"], action: "tag", tag: "baseline" },
  },
  ({ principal, body }) => bulkJobs(principal, body),
);
