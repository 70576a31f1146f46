import { ingestMetricsBodySchema, ingestMetricsReplySchema } from "@signalbox/protocol/data/ingest";
import { apiRoute } from "@/lib/server/api-route";
import { ingestMetrics } from "@/lib/server/ingest/ingest";

export const POST = apiRoute(
  {
    scope: "ingest",
    body: ingestMetricsBodySchema,
    summary: "Log metric points",
    details:
      "At most 10,000 points per batch. A batch is stored whole or not at all. Values of wide rows that are not numbers are skipped and counted; a step that is missing or negative, or a name of over 256 characters, is refused.",
    reply: ingestMetricsReplySchema,
    example: { job_id: "my-first-run", metrics: [{ step: 1, "train/loss": 2.5 }] },
    idempotent: true,
    needsDiskSpace: true,
    errors: ["not_found", "conflict"],
  },
  (input) => ingestMetrics({ ...input, jobId: input.body.job_id }),
);
