import { z } from "zod";
import {
  clientKeySchema,
  epochSchema,
  jobIdSchema,
  jsonObjectSchema,
  stepSchema,
  textFieldSchema,
} from "../wire/primitives.ts";
import { rowsSchema } from "../wire/rows.ts";
import { ingestLimits, ingestReplySchema } from "./ingest.ts";

const countSchema = z.number().int().min(0).max(2_147_483_647);
const shortTextSchema = z.string().max(256);

const knownFields = {
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
  validation_pass: z.boolean().nullish(),
  validation_passed: z.boolean().nullish().describe("The same as validation_pass."),
  validation_kind: shortTextSchema.nullish(),
  validation_errors: z.unknown().describe("Any JSON of at most 256 KiB.").optional(),
  prompt_tokens: countSchema.nullish(),
  completion_tokens: countSchema.nullish(),
  tokens: countSchema.nullish().describe("The same as completion_tokens."),
  total_tokens: countSchema.nullish(),
  latency_ms: z.number().min(0).max(1e15).nullish(),
  source_index: stepSchema.nullish(),
  sample_source: shortTextSchema.nullish(),
  sample_source_id: shortTextSchema.nullish(),
  max_new_tokens: countSchema.nullish(),
  do_sample: z.boolean().nullish(),
  scores: jsonObjectSchema
    .nullish()
    .describe("Scores by name: numbers, or texts of at most 256 characters."),
  metadata: jsonObjectSchema
    .nullish()
    .describe("With all that is kept there, at most 256 KiB as JSON."),
};

/** Fields that replies have and the dashboard gives: ignored in a row that is sent back. */
const assignedFields = ["id", "job_id", "user_id", "sample_id", "created_at"];

/** Fields of a row that are neither scores nor metadata. */
export const predictionInputFields: ReadonlySet<string> = new Set([
  ...Object.keys(knownFields),
  ...assignedFields,
]);

/** A prediction as trainers send it; `null` counts as not sent. */
export const predictionFieldsSchema = z
  .object(knownFields)
  .catchall(z.unknown())
  .describe(
    "Every further number, or text of at most 256 characters, is a score, as are the fields of `scores`, which take precedence; the words NaN, Infinity and -Infinity are numbers. Any other further field is kept in `metadata`, where a field of that name sent in `metadata` takes precedence. A row has at most 64 scores, a name at most 128 characters. null counts as not sent. The fields id, job_id, user_id, sample_id and created_at are the dashboard's: they are ignored.",
  );

const predictionInputSchema = z
  .unknown()
  // Checked here, because the object schema would drop it.
  .refine((row) => !(row instanceof Object && Object.hasOwn(row, "__proto__")), {
    error: "cannot be the name of a field",
    path: ["__proto__"],
  })
  .pipe(predictionFieldsSchema);
export type PredictionInput = z.output<typeof predictionInputSchema>;

export const ingestPredictionsBodySchema = z.object({
  job_id: jobIdSchema,
  batch_id: clientKeySchema.optional(),
  predictions: rowsSchema(predictionInputSchema, {
    max: ingestLimits.predictions,
    of: "predictions",
  }),
});

export const ingestPredictionsReplySchema = ingestReplySchema.extend({
  not_aggregated: z
    .array(z.string())
    .optional()
    .describe(
      "Scores of this batch beyond the first 100 of the run: kept in the rows, but without means and map.",
    ),
});
