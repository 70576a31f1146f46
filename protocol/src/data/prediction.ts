import { z } from "zod";
import { isoTimeSchema, jsonObjectSchema } from "../wire/primitives.ts";
import { scoreInfoSchema, scoreLimits, scoreSummarySchema, scoreValueSchema } from "./score.ts";

const scoresSchema = z
  .record(z.string(), scoreValueSchema)
  .describe("Every further number or short text of the prediction, by its name.");

export const predictionSchema = z.object({
  id: z
    .string()
    .describe(
      "`<generation>-<epoch>-<step>-<sample_index>`: the same where the prediction is replaced.",
    ),
  job_id: z.string(),
  user_id: z.string(),
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
  validation_pass: z.boolean().nullable(),
  validation_passed: z.boolean().nullable().describe("The same as validation_pass."),
  validation_kind: z.string().nullable(),
  validation_errors: z.unknown().optional().describe("Any JSON."),
  prompt_tokens: z.number().nullable(),
  completion_tokens: z.number().nullable(),
  tokens: z.number().nullable().describe("The same as completion_tokens."),
  total_tokens: z.number().nullable(),
  latency_ms: z.number().nullable(),
  source_index: z.number().nullable(),
  sample_source: z.string().nullable(),
  sample_source_id: z.string().nullable(),
  max_new_tokens: z.number().nullable(),
  do_sample: z.boolean().nullable(),
  scores: scoresSchema,
  metadata: jsonObjectSchema.describe(
    "The metadata that was sent, and further fields that are neither a number nor a short text.",
  ),
  created_at: isoTimeSchema,
  truncated: z
    .literal(true)
    .optional()
    .describe(
      "In streams and journal rows: texts were cut, as a frame is at most 1 MiB. `GET /api/training/predictions/{id}/samples/{sample_id}` has the whole.",
    ),
});
export type Prediction = z.infer<typeof predictionSchema>;

/** A row of the table at one epoch; with `changed_from`, beside the answer of that epoch. */
export const comparedPredictionSchema = predictionSchema.extend({
  change: z
    .number()
    .nullish()
    .describe("The measure of `by` now minus then; null where either is not a number."),
  previous: z
    .object({
      epoch: z.number(),
      step: z.number(),
      prediction: z.string(),
      exact_match: z.number().nullable(),
      char_error_rate: z.number().nullable(),
      length_ratio: z.number().nullable(),
      word_overlap: z.number().nullable(),
      latency_ms: z.number().nullable(),
      tokens: z.number().nullable(),
      validation_pass: z.boolean().nullable(),
      scores: scoresSchema,
    })
    .nullish(),
});
export type ComparedPrediction = z.infer<typeof comparedPredictionSchema>;

export const predictionsReplySchema = z.object({
  job_id: z.string(),
  predictions: z.array(comparedPredictionSchema),
  total_count: z.number(),
  epoch_count: z.number(),
});
export type PredictionsReply = z.infer<typeof predictionsReplySchema>;

/** Replies by epoch end at about 1 MiB. */
export const byEpochQuerySchema = z.object({
  after_epoch: z.coerce
    .number()
    .min(0)
    .optional()
    .describe("The epochs after this one: the next_epoch of the page before."),
});

const nextEpochSchema = z
  .number()
  .nullish()
  .describe("A page ends at about 1 MiB: the next one's after_epoch; null on the last page.");

export const predictionEpochsReplySchema = z.object({
  job_id: z.string(),
  next_epoch: nextEpochSchema,
  epochs: z.array(
    z.object({ epoch: z.number(), prediction_count: z.number(), latest_step: z.number() }),
  ),
});

const measuredCountsSchema = z.object({
  exact_match: z.number(),
  char_error_rate: z.number(),
  length_ratio: z.number(),
  word_overlap: z.number(),
  validation_pass: z.number(),
});

/** Quality of one epoch: each mean over the predictions that have the measure, null without any. */
export const predictionTrendSchema = z.object({
  epoch: z.number(),
  step: z.number(),
  sample_count: z.number(),
  scored_count: z.number().describe("Predictions with an exact match or a character error rate."),
  counts: measuredCountsSchema.describe("Predictions that have each measure."),
  avg_exact_match: z.number().nullable(),
  avg_char_error_rate: z.number().nullable(),
  avg_length_ratio: z.number().nullable(),
  avg_word_overlap: z.number().nullable(),
  min_char_error_rate: z.number().nullable(),
  max_char_error_rate: z.number().nullable(),
  validation_pass_rate: z.number().nullable(),
  scores: z.record(z.string(), scoreSummarySchema),
});
export type PredictionTrend = z.infer<typeof predictionTrendSchema>;

export const predictionTrendsReplySchema = z.object({
  job_id: z.string(),
  trends: z.array(predictionTrendSchema),
  next_epoch: nextEpochSchema,
  scores: z
    .array(scoreInfoSchema)
    .describe("The scores of the run that have means and a map, at most 100."),
  overall_improvement: z
    .number()
    .nullable()
    .describe(
      "By how many per cent the mean character error rate fell from the first epoch that has one to the last; null where the first is 0 or there is only one.",
    ),
});
export type PredictionTrendsReply = z.infer<typeof predictionTrendsReplySchema>;

export const predictionMapReplySchema = z.object({
  job_id: z.string(),
  last_seq: z.number(),
  sample_count: z.number(),
  next_epoch: nextEpochSchema,
  /** Base64, a byte a sample in the order of sample ids: see lib/predictions/map/map-cell.ts. */
  epochs: z.array(z.object({ epoch: z.number(), cells: z.string() })),
});
export type PredictionMapReply = z.infer<typeof predictionMapReplySchema>;

export const predictionMapQuerySchema = byEpochQuerySchema.extend({
  score: z
    .string()
    .min(1)
    .max(scoreLimits.name)
    .optional()
    .describe("A score of the run by its name: its values instead of the cells."),
});

export const scoreMapReplySchema = z.object({
  job_id: z.string(),
  last_seq: z.number(),
  sample_count: z.number(),
  score: z.string(),
  ...scoreInfoSchema.pick({ kind: true, min: true, max: true }).shape,
  categories: z.array(z.string()).optional().describe("With kind text."),
  next_epoch: nextEpochSchema,
  epochs: z.array(
    z.object({
      epoch: z.number(),
      values: z
        .string()
        .describe(
          "Base64 of a big-endian float32 for each sample, in the order of sample ids; NaN for none. For a text: its index in categories, 20 for any other text.",
        ),
    }),
  ),
});
export type ScoreMapReply = z.infer<typeof scoreMapReplySchema>;

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
  next_epoch: nextEpochSchema,
});
export type SampleHistoryReply = z.infer<typeof sampleHistoryReplySchema>;
