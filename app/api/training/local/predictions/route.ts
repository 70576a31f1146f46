import {
  ingestPredictionsBodySchema,
  ingestPredictionsReplySchema,
} from "@signalbox/protocol/data/prediction-input";
import { apiRoute } from "@/lib/server/api-route";
import { ingestPredictions } from "@/lib/server/predictions/ingest-predictions";

export const POST = apiRoute(
  {
    scope: "ingest",
    body: ingestPredictionsBodySchema,
    summary: "Log predictions",
    details:
      "At most 1,000 per batch. A prediction replaces an earlier one with the same epoch, step and sample_index. Quality fields that are not sent are computed; char_error_rate is left out where the texts of a batch are too long to be compared: the products of their lengths, without what a pair begins and ends with alike, are at most 2,147,483,648 together (such as 46,000 times 46,000 characters). A 429 means that too many of your batches with long texts wait for it. Every further number or short text of a prediction is a score: see its schema.",
    reply: ingestPredictionsReplySchema,
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
    needsDiskSpace: true,
    errors: ["not_found", "conflict"],
  },
  ingestPredictions,
);
