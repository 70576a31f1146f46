import { z } from "zod";
import { wireNumberSchema } from "./primitives.ts";

/** One bucket of a series; every figure is of the raw points whose steps it spans. */
export const seriesBucketSchema = z.object({
  step_first: z.number(),
  step_last: z.number(),
  min: wireNumberSchema.nullable(),
  max: wireNumberSchema.nullable(),
  mean: wireNumberSchema.nullable(),
  first: wireNumberSchema,
  last: wireNumberSchema,
  count: z.number(),
  nan_count: z.number(),
  /** Where the first and the last step stand on the axis that was asked for (`x`). */
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

export const wideMetricsReplySchema = z.object({
  job_id: z.string(),
  metrics: z.array(z.record(z.string(), z.unknown())),
  next_seq: z.number(),
  total: z.number(),
});

const optionalStep = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();

export const metricsQuerySchema = z.object({
  /** Comma-separated, or repeated for names that hold a comma. */
  names: z
    .union([z.string(), z.array(z.string())])
    .transform((v) => (Array.isArray(v) ? v : v.split(",").filter(Boolean)))
    .optional(),
  from: optionalStep,
  to: optionalStep,
  buckets: z.coerce.number().int().min(1).max(5000).optional(),
  /** With `buckets`: as objects, or each figure of all buckets as a list (half as long). */
  format: z.enum(["buckets", "columns"]).default("buckets"),
  /** With `buckets`: the axis whose values each bucket also brings. */
  x: z.enum(["step", "epoch", "time"]).default("step"),
  after_seq: optionalStep,
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
});
