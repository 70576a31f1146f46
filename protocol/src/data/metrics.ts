import { z } from "zod";
import { isoTimeSchema, jsonObjectSchema, wireNumberSchema } from "../wire/primitives.ts";

/** One bucket of a series; every figure is of the raw points whose steps it spans. */
const seriesBucketSchema = z.object({
  step_first: z.number(),
  step_last: z.number(),
  min: wireNumberSchema.nullable(),
  max: wireNumberSchema.nullable(),
  mean: wireNumberSchema.nullable(),
  first: wireNumberSchema,
  last: wireNumberSchema,
  count: z.number(),
  nan_count: z.number(),
  /** The first and the last step's value on the requested axis (`x`). */
  epoch_first: z.number().nullish(),
  epoch_last: z.number().nullish(),
  /** Milliseconds since 1970, the trainer's clock. */
  time_first: z.number().nullish(),
  time_last: z.number().nullish(),
});
export type SeriesBucket = z.infer<typeof seriesBucketSchema>;

export const seriesSchema = z.object({
  name: z.string(),
  unit: z.string().nullish(),
  buckets: z.array(seriesBucketSchema),
});
export type Series = z.infer<typeof seriesSchema>;

export const seriesReplySchema = z.object({
  job_id: z.string(),
  /** The job's seq up to which the buckets are complete; live frames after it add to them. */
  last_seq: z.number(),
  series: z.array(seriesSchema),
});
export type SeriesReply = z.infer<typeof seriesReplySchema>;

/** Most rows of a whole history, most values and bytes in them, and most batches that are read for it. */
export const historyLimits = {
  rows: 50_000,
  values: 1_000_000,
  bytes: 16 * 1024 * 1024,
  batches: 200_000,
} as const;

export const wideMetricsReplySchema = z.object({
  job_id: z.string(),
  metrics: z.array(
    z
      .object({ step: z.number(), epoch: z.number().nullable(), timestamp: isoTimeSchema })
      .catchall(wireNumberSchema),
  ),
  next_seq: z.number().describe("The next page's after_seq."),
  total: z.number().describe("How many points there are, one per series and step."),
  truncated: z
    .literal(true)
    .optional()
    .describe("The history is longer: go on from next_seq with after_seq."),
});

const optionalStep = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();

export const metricsQuerySchema = z.object({
  names: z
    .union([z.string(), z.array(z.string())])
    .transform((v) => (Array.isArray(v) ? v : v.split(",").filter(Boolean)))
    .optional()
    .describe(
      "Series; comma-separated, or repeated for names that contain a comma. Where there is no series of that name, `train.loss` means `train/loss`, and the other way round.",
    ),
  from: optionalStep.describe("The first step."),
  to: optionalStep.describe("The last step."),
  buckets: z.coerce
    .number()
    .int()
    .min(1)
    .max(5000)
    .optional()
    .describe("Returns about this many buckets per series instead of raw rows."),
  format: z
    .enum(["buckets", "columns"])
    .default("buckets")
    .describe(
      "With buckets: as objects, or each figure of all buckets as a list, which is half as long.",
    ),
  x: z
    .enum(["step", "epoch", "time"])
    .default("step")
    .describe("With buckets: the axis whose values each bucket also carries."),
  after_seq: optionalStep.describe(
    "A page of raw rows in the order of arrival, stored after this seq; see next_seq.",
  ),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(5000)
    .optional()
    .describe(
      "About how many rows a page has: whole batches, 1,000 rows by default. Without after_seq and limit: the whole history.",
    ),
});

/** `GET /api/learning/jobs/{id}/metrics` */
export const pointsQuerySchema = z.object({
  name: z
    .string()
    .max(256)
    .optional()
    .describe(
      "One series. Where there is none of that name, `train.loss` means `train/loss`, and the other way round.",
    ),
  after_step: z.coerce
    .number()
    .int()
    .min(-1)
    .optional()
    .describe("Points of steps after this one, the lowest first; misses points that arrive late."),
  after_seq: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe("Every point stored after this seq, in the order of arrival."),
  limit: z.coerce.number().int().min(1).max(5000).default(200),
});

export const pointsReplySchema = z.object({
  job_id: z.string(),
  points: z.array(
    z.object({
      name: z.string(),
      value: wireNumberSchema,
      step: z.number(),
      epoch: z.number().nullable(),
      phase: z.string().nullable(),
      data: jsonObjectSchema,
      created_at: isoTimeSchema,
      seq: z.number().optional().describe("Not with after_step."),
    }),
  ),
  next_seq: z.number().optional().describe("The next page's after_seq; not with after_step."),
  total: z.number(),
});
