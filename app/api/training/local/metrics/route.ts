import { ingestMetricsBodySchema } from "@/lib/contracts/ingest";
import { apiRoute } from "@/lib/server/api-route";
import { ingestMetrics } from "@/lib/server/ingest/ingest";

export const POST = apiRoute({ scope: "ingest", body: ingestMetricsBodySchema }, (input) =>
  ingestMetrics({ ...input, jobId: input.body.job_id }),
);
