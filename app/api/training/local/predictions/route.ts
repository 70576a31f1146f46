import { ingestReplySchema } from "@signalbox/protocol/ingest";
import { ingestPredictionsBodySchema } from "@signalbox/protocol/prediction";
import { apiRoute } from "@/lib/server/api-route";
import { ingestPredictions } from "@/lib/server/predictions/ingest-predictions";

export const POST = apiRoute(
  {
    scope: "ingest",
    body: ingestPredictionsBodySchema,
    summary: "Stores predictions, with their quality",
    details:
      "At most 1,000 a batch. The same epoch, step and sample_index again replaces. Quality that is not sent is measured.",
    reply: ingestReplySchema,
    example: {
      job_id: "my-first-run",
      predictions: [
        {
          epoch: 1,
          step: 100,
          sample_index: 0,
          prompt: "lumberton",
          prediction: "L AH M B ER T AH N",
          ground_truth: "L AH M B ER T AH N",
        },
      ],
    },
    idempotent: true,
    errors: ["not_found", "conflict"],
  },
  ingestPredictions,
);
