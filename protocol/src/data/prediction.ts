import { z } from "zod";
import {
  clientKeySchema,
  epochSchema,
  isoTimeSchema,
  jobIdSchema,
  jsonObjectSchema,
  stepSchema,
  textFieldSchema,
} from "../wire/primitives.ts";

/** An ingest route: unknown fields of a row (its own `job_id`, `user_id` among them) are ignored. */
export const predictionInputSchema = z.object({
  epoch: epochSchema,
  step: stepSchema,
  sample_index: stepSchema,
  prompt: textFieldSchema,
  prediction: textFieldSchema,
  ground_truth: textFieldSchema.nullish(),
  prompt_id: z.string().min(1).max(256).nullish(),
  exact_match: z.union([z.number().min(0).max(1), z.boolean().transform(Number)]).nullish(),
  // Bounded so that sums over any number of samples stay within doubles.
  char_error_rate: z.number().min(0).max(1e9).nullish(),
  length_ratio: z.number().min(0).max(1e9).nullish(),
  word_overlap: z.number().min(0).max(1).nullish(),
  validation_passed: z.boolean().nullish(),
  tokens: z.number().int().min(0).max(2_147_483_647).nullish(),
  latency_ms: z.number().min(0).max(1e15).nullish(),
  metadata: jsonObjectSchema.nullish(),
});
export type PredictionInput = z.output<typeof predictionInputSchema>;

export const ingestPredictionsBodySchema = z.object({
  job_id: jobIdSchema,
  batch_id: clientKeySchema.optional(),
  predictions: z.array(predictionInputSchema),
});

export const predictionSchema = z.object({
  /** The sample's number in its job, from 0; the same over all epochs. */
  sample_id: z.number().int(),
  sample_index: z.number().int(),
  epoch: z.number(),
  step: z.number().int(),
  prompt_id: z.string().nullable(),
  prompt: z.string(),
  prediction: z.string(),
  ground_truth: z.string().nullable(),
  exact_match: z.number().nullable(),
  char_error_rate: z.number().nullable(),
  length_ratio: z.number().nullable(),
  word_overlap: z.number().nullable(),
  validation_passed: z.boolean().nullable(),
  tokens: z.number().nullable(),
  latency_ms: z.number().nullable(),
  metadata: jsonObjectSchema,
  created_at: isoTimeSchema,
});
export type Prediction = z.infer<typeof predictionSchema>;

/** A row of the table at one epoch; with `changed_from`, beside the answer of that epoch. */
export const comparedPredictionSchema = predictionSchema.extend({
  /** Character error rate now minus then: below 0 is better. */
  change: z.number().nullish(),
  previous: z
    .object({
      epoch: z.number(),
      step: z.number(),
      prediction: z.string(),
      exact_match: z.number().nullable(),
      char_error_rate: z.number().nullable(),
    })
    .nullish(),
});
export type ComparedPrediction = z.infer<typeof comparedPredictionSchema>;

export const predictionSorts = [
  "index",
  "-index",
  "worst",
  "best",
  "regressed",
  "improved",
] as const;
export const predictionFilters = [
  "right",
  "wrong",
  "changed",
  "improved",
  "regressed",
  "passed",
  "failed",
] as const;

export const predictionsQuerySchema = z
  .object({
    epoch: z.coerce.number().min(0).optional(),
    changed_from: z.coerce
      .number()
      .min(0)
      .optional()
      .describe("An epoch to compare with; needs epoch."),
    sort: z.enum(predictionSorts).default("index"),
    filter: z.enum(predictionFilters).optional(),
    q: z
      .string()
      .max(256)
      .optional()
      .describe("Text in the prompt, the prediction or the ground truth."),
    limit: z.coerce.number().int().min(1).max(1000).default(50),
    offset: z.coerce.number().int().min(0).max(100_000_000).default(0),
  })
  .refine((query) => query.changed_from === undefined || query.epoch !== undefined, {
    error: "changed_from needs epoch: the epoch to compare with",
    path: ["changed_from"],
  });

export const predictionsReplySchema = z.object({
  job_id: z.string(),
  predictions: z.array(comparedPredictionSchema),
  total_count: z.number(),
  epoch_count: z.number(),
});
export type PredictionsReply = z.infer<typeof predictionsReplySchema>;

export const predictionEpochsReplySchema = z.object({
  job_id: z.string(),
  epochs: z.array(
    z.object({ epoch: z.number(), prediction_count: z.number(), latest_step: z.number() }),
  ),
});

/** Quality of one epoch; null where nothing was measured. */
export const predictionTrendSchema = z.object({
  epoch: z.number(),
  step: z.number(),
  sample_count: z.number(),
  scored_count: z.number(),
  avg_exact_match: z.number().nullable(),
  avg_char_error_rate: z.number().nullable(),
  avg_length_ratio: z.number().nullable(),
  avg_word_overlap: z.number().nullable(),
  min_char_error_rate: z.number().nullable(),
  max_char_error_rate: z.number().nullable(),
  validation_pass_rate: z.number().nullable(),
});
export type PredictionTrend = z.infer<typeof predictionTrendSchema>;

export const predictionTrendsReplySchema = z.object({
  job_id: z.string(),
  trends: z.array(predictionTrendSchema),
  /** Fall of the mean character error rate from the first epoch to the last, in per cent. */
  overall_improvement: z.number().nullable(),
});
export type PredictionTrendsReply = z.infer<typeof predictionTrendsReplySchema>;

export const predictionMapReplySchema = z.object({
  job_id: z.string(),
  last_seq: z.number(),
  sample_count: z.number(),
  /** Base64, a byte a sample in the order of sample ids: see lib/predictions/map/map-cell.ts. */
  epochs: z.array(z.object({ epoch: z.number(), cells: z.string() })),
});
export type PredictionMapReply = z.infer<typeof predictionMapReplySchema>;

export const samplesQuerySchema = z.object({
  ids: z
    .string()
    .describe("Sample ids, comma-separated, at most 500.")
    .transform((text) => text.split(",").filter(Boolean).map(Number))
    .pipe(z.array(z.number().int().min(0).max(2_147_483_647)).min(1).max(500)),
});

export const samplesReplySchema = z.object({
  job_id: z.string(),
  samples: z.array(
    z.object({
      sample_id: z.number(),
      sample_index: z.number(),
      /** The first 200 characters. */
      prompt: z.string(),
      ground_truth: z.string().nullable(),
    }),
  ),
});

export const sampleHistoryReplySchema = z.object({
  job_id: z.string(),
  sample_id: z.number(),
  predictions: z.array(predictionSchema),
});
export type SampleHistoryReply = z.infer<typeof sampleHistoryReplySchema>;
