import { z } from "zod";
import { jobStatusInputSchema, jobStatusSchema, liveParamSchema } from "../job/job.ts";
import { isJsonObject } from "../wire/json.ts";
import {
  clientKeySchema,
  epochSchema,
  jobIdSchema,
  jsonFieldSchema,
  stepSchema,
  textFieldSchema,
  timestampInputSchema,
  wireNumberSchema,
} from "../wire/primitives.ts";
import { rowsSchema } from "../wire/rows.ts";

export const ingestLimits = {
  bodyBytes: 10 * 1024 * 1024,
  points: 10_000,
  predictions: 1_000,
  logLines: 5_000,
  events: 1_000,
  seriesPerJob: 10_000,
} as const;

const batchIdSchema = clientKeySchema
  .optional()
  .describe(
    "As the header Idempotency-Key: a repeated batch is stored once, and a different one under the same id is a 409.",
  );
const batch = { job_id: jobIdSchema.optional(), batch_id: batchIdSchema };

/** Fields of a wide row that are not series. */
export const wideRowFields: ReadonlySet<string> = new Set(["step", "epoch", "timestamp"]);

const seriesNameSchema = z
  .string()
  .min(1)
  .max(256)
  .refine((name) => name !== "__proto__", "cannot be the name of a series")
  .refine((name) => !wideRowFields.has(name), "is a field of every row, not a series")
  .describe(`Any name but __proto__, ${[...wideRowFields].join(", ")}.`);

/** A wide row: every number besides the reserved fields is a point of a series. */
const wideMetricRowSchema = z
  .unknown()
  // Checked here, because the object schema would drop it.
  .refine((row) => !(row instanceof Object && Object.hasOwn(row, "__proto__")), {
    error: "cannot be the name of a series",
    path: ["__proto__"],
  })
  .pipe(
    z
      .object({
        step: stepSchema,
        epoch: epochSchema.nullish(),
        timestamp: timestampInputSchema.nullish(),
      })
      .catchall(
        z
          .unknown()
          .describe("A number is a point of the series of this name; anything else is skipped."),
      ),
  );

const metricPointSchema = z.object({
  name: seriesNameSchema,
  step: stepSchema,
  value: wireNumberSchema,
  epoch: epochSchema.nullish(),
  phase: z.string().max(64).nullish(),
  timestamp: timestampInputSchema.nullish(),
});
export type MetricPoint = z.input<typeof metricPointSchema>;

const metricsBatch = {
  ...batch,
  metrics: rowsSchema(wideMetricRowSchema, { max: ingestLimits.points, of: "rows" })
    .optional()
    .describe(
      'Wide rows: every number ("NaN", "Infinity" and "-Infinity", too) besides step, epoch and timestamp is a point of a series. Other values are skipped and counted.',
    ),
  points: rowsSchema(metricPointSchema, { max: ingestLimits.points, of: "points" })
    .optional()
    .describe("One series, step and value each."),
};
const hasPoints = (body: { metrics?: unknown; points?: unknown }) =>
  Boolean(body.metrics || body.points);
const needsPoints = { error: "needs `metrics` or `points`" };

export const ingestMetricsBodySchema = z
  .object({ ...metricsBatch, job_id: jobIdSchema })
  .refine(hasPoints, needsPoints)
  .describe("At least one of metrics and points.");

/** `PUT /api/training/local/{id}/metrics`: a batch, or one wide row as it is. */
export const putMetricsBodySchema = z.preprocess((body) => {
  if (!isJsonObject(body) || "metrics" in body || "points" in body) return body;
  const { job_id, batch_id, ...row } = body;
  return { job_id, batch_id, metrics: [row] };
}, z
  .object(metricsBatch)
  .refine(hasPoints, needsPoints)
  .describe("Or one row as it is: `{step, epoch, train_loss, …}`."));
export type MetricsBatch = z.output<typeof putMetricsBodySchema>;

const logLineInputSchema = z.object({
  stream: z.enum(["stdout", "stderr"]).default("stdout"),
  text: textFieldSchema,
  ts: timestampInputSchema.nullish(),
});

export const ingestLogsBodySchema = z
  .object({
    ...batch,
    lines: rowsSchema(logLineInputSchema, { max: ingestLimits.logLines, of: "lines" }).optional(),
    logs: rowsSchema(textFieldSchema, { max: ingestLimits.logLines, of: "lines" }).optional(),
  })
  .refine((body) => body.lines || body.logs, { error: "needs `lines` or `logs`" })
  .describe("At least one of lines and logs.");

export const eventLevels = ["debug", "info", "warning", "error"] as const;
const eventLevelSchema = z.preprocess(
  (value) => (value === "warn" ? "warning" : value === "critical" ? "error" : value),
  z.enum(eventLevels).describe("Also accepted: warn = warning, critical = error."),
);

const eventInputSchema = z.object({
  type: z.string().min(1).max(128),
  level: eventLevelSchema.default("info"),
  message: textFieldSchema.default(""),
  data: jsonFieldSchema.default({}),
});

export const ingestEventsBodySchema = z.object({
  ...batch,
  events: rowsSchema(eventInputSchema, { max: ingestLimits.events, of: "events" }).min(1),
});

export const heartbeatBodySchema = z.object({
  step: stepSchema.nullish(),
  epoch: epochSchema.nullish(),
  progress: z.number().min(0).max(1).nullish(),
  phase: z.string().max(64).nullish(),
});

export const reportStatusBodySchema = z.object({
  batch_id: clientKeySchema.optional(),
  status: jobStatusInputSchema.optional(),
  error: textFieldSchema.nullish(),
  phase: z.string().max(64).nullish(),
  progress: z.number().min(0).max(1).nullish(),
  step: stepSchema.nullish(),
  epoch: epochSchema.nullish(),
  total_steps: stepSchema.nullish(),
  total_epochs: epochSchema.nullish(),
  live_params: z.record(z.string().max(64), liveParamSchema).nullish(),
  exited: z.boolean().default(false).describe("The attempt's process is gone."),
  exit_code: z.number().int().nullish(),
  metadata: jsonFieldSchema.nullish(),
});

export const ingestReplySchema = z.object({
  success: z.literal(true),
  count: z.number(),
  last_seq: z.number(),
});

export const ingestMetricsReplySchema = ingestReplySchema.extend({
  skipped: z
    .number()
    .describe(
      "How many values of wide rows were not stored: null, texts, booleans, lists, objects.",
    ),
});

/** The server's state of the run: it tells a trainer that its run was stopped. */
export const signOfLifeReplySchema = z.object({
  success: z.literal(true),
  status: jobStatusSchema,
  last_seq: z.number(),
});
