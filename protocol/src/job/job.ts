import { z } from "zod";
import {
  epochSchema,
  isoTimeSchema,
  jobIdSchema,
  jsonFieldSchema,
  jsonObjectSchema,
  nameSchema,
  stepSchema,
  textFieldSchema,
  timestampInputSchema,
  wireNumberSchema,
} from "../wire/primitives.ts";
import { repeated } from "../wire/query.ts";
import { jobKinds } from "./job-kind.ts";
import { type JobStatus, jobStatuses } from "./job-status.ts";
import { attachedJobIdSchema } from "./reserved-job-ids.ts";
import {
  groupKeySchema,
  jobGroups,
  jobMeans,
  jobSorts,
  meanFieldSchema,
  sortKeySchema,
  whereSchema,
} from "./run-field.ts";

export { type JobKind, jobKinds } from "./job-kind.ts";
export { type JobStatus, jobStatuses } from "./job-status.ts";
export const jobStatusSchema = z.enum(jobStatuses);

/** Other tools' names for the same states, accepted on input only. */
const statusAliases: Record<string, JobStatus> = {
  completed: "succeeded",
  canceled: "cancelled",
  stopped: "cancelled",
  pending: "queued",
  error: "failed",
};
export const jobStatusInputSchema = z.preprocess(
  (value) => (typeof value === "string" ? (statusAliases[value] ?? value) : value),
  jobStatusSchema.describe(
    `Also accepted: ${Object.entries(statusAliases)
      .map(([other, status]) => `${other} = ${status}`)
      .join(", ")}.`,
  ),
);

export const jobKindSchema = z.enum(jobKinds);

/** A parameter that can be changed while the run is active, with its allowed range. */
export const liveParamSchema = z.object({
  min: z.number().optional(),
  max: z.number().optional(),
});
export type LiveParam = z.infer<typeof liveParamSchema>;

/** The few points of the main series that a table row draws; steps ascending. */
const sparkSchema = z.object({
  name: z.string(),
  points: z.array(z.tuple([z.number(), wireNumberSchema])),
});

export const jobSchema = z.object({
  id: z.string(),
  job_id: z.string(),
  name: z.string(),
  kind: jobKindSchema,
  status: jobStatusSchema,
  managed: z.boolean(),
  model_name: z.string().nullable(),
  dataset_path: z.string().nullable(),
  dataset_id: z.string().nullable(),
  config: jsonObjectSchema,
  params: jsonObjectSchema,
  live_params: z.record(z.string(), liveParamSchema),
  tags: z.array(z.string()),
  notes: z.string(),
  archived: z.boolean(),
  progress: z.number().nullable(),
  phase: z.string().nullable(),
  current_step: z.number().nullable(),
  total_steps: z.number().nullable(),
  current_epoch: z.number().nullable(),
  total_epochs: z.number().nullable(),
  latest: z
    .record(z.string(), wireNumberSchema)
    .describe("The last value of each series, of at most 200: losses, rewards and rates first."),
  latest_total: z.number().optional().describe("The number of all series."),
  spark: sparkSchema.nullable().optional(),
  /** Epochs with predictions, and the best by mean character error rate; in lists and single jobs. */
  epochs: z
    .object({
      count: z.number(),
      best_epoch: z.number().nullable(),
      best_exact_match: z.number().nullable(),
      best_char_error_rate: z.number().nullable(),
    })
    .nullish(),
  error: z.string().nullable(),
  error_message: z.string().nullable().optional().describe("The same as error."),
  attempt: z.number().int(),
  /** Whether the current attempt's process is believed to exist (a held pause keeps it). */
  attempt_active: z.boolean(),
  parent_job_id: z.string().nullable(),
  generation: z.string(),
  last_seq: z.number().int(),
  created_at: isoTimeSchema,
  started_at: isoTimeSchema.nullable(),
  finished_at: isoTimeSchema.nullable(),
  completed_at: isoTimeSchema.nullable().optional().describe("The same as finished_at."),
  updated_at: isoTimeSchema,
  heartbeat_at: isoTimeSchema.nullable(),
  /** Seconds spent training so far, pauses and queueing excluded. */
  active_seconds: z.number(),
  queue_position: z
    .number()
    .int()
    .nullable()
    .optional()
    .describe(
      "The place of a queued run in the training backend's queue, 1 if it is next; null if the backend does not say. Only in the reply for a single run.",
    ),
});
export type Job = z.infer<typeof jobSchema>;

const csv = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) => (typeof value === "string" ? value.split(",").filter(Boolean) : value),
    z.array(item).max(100),
  );

export const listJobsQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  status: csv(jobStatusInputSchema)
    .optional()
    .describe("Any of these, separated by commas; aliases as in reports, such as completed."),
  kind: csv(jobKindSchema).optional(),
  tag: csv(z.string()).optional().describe("Runs with all of these tags, separated by commas."),
  q: z.string().max(256).optional().describe("Text in the id, name, model, tags or notes."),
  ids: csv(jobIdSchema).optional().describe("Only these runs."),
  sort: sortKeySchema
    .default("-created")
    .describe(
      `One of ${jobSorts.join(", ")}, config.<key> or latest.<series>. Prefix with - to sort descending.`,
    ),
  where: repeated(whereSchema, 20)
    .optional()
    .describe(
      "Conditions, all of which must hold: config.<key>, latest.<series>, status, kind, model or dataset, then one of : !: < <= > >=, then a value, such as config.batch_size:32.",
    ),
  group: groupKeySchema
    .optional()
    .describe(`Groups the list: ${jobGroups.join(", ")}, config.<key> or latest.<series>.`),
  collapsed: repeated(z.string().max(4096), 1000)
    .optional()
    .describe("Keys of groups that are counted but not listed."),
  means: repeated(meanFieldSchema, 20)
    .optional()
    .describe(
      `With group: fields to average for each group: ${jobMeans.join(", ")}, config.<key> or latest.<series>.`,
    ),
  archived: z.enum(["true", "false", "all"]).default("false"),
});

/** Runs that share a value of the grouping field; `key` is that value as JSON. */
export const runGroupSchema = z.object({
  key: z.string(),
  value: z.unknown(),
  count: z.number(),
  /** The mean of each field in `means`; null where no run of the group has a number. */
  means: z.record(z.string(), z.number().nullable()).nullish(),
});
export type RunGroup = z.infer<typeof runGroupSchema>;

export const jobListSchema = z.object({
  success: z.literal(true),
  count: z.number(),
  total: z.number(),
  jobs: z.array(jobSchema),
  /** In their order, with `group` only. The jobs are those of the groups not collapsed. */
  groups: z.array(runGroupSchema).nullish(),
});
export type JobList = z.infer<typeof jobListSchema>;

const tagsSchema = z.array(z.string().min(1).max(64)).max(50);

export const startJobBodySchema = z.strictObject({
  name: nameSchema.optional(),
  kind: jobKindSchema,
  config: jsonFieldSchema.default({}),
  dataset_id: z
    .string()
    .max(128)
    .nullish()
    .describe("Refused with 422: there are no datasets yet. Name your data in config."),
  tags: tagsSchema.default([]),
});
export type StartJobBody = z.input<typeof startJobBodySchema>;

export const updateJobBodySchema = z.strictObject({
  name: nameSchema.optional(),
  tags: tagsSchema.optional(),
  notes: textFieldSchema.optional(),
  archived: z.boolean().optional(),
});
export type UpdateJobBody = z.infer<typeof updateJobBodySchema>;

/** Progress as trainers send it, from 0 to 1 or in per cent; the database tells which. */
const progressInputSchema = z
  .number()
  .min(0)
  .max(100)
  .describe(
    "From 0 to 1, or per cent. Over 1 it is per cent; up to 1, only where that is nearer to current_step / total_steps.",
  );

/** Attaching is an ingest route: unknown fields are not refused, but named in the reply. */
export const attachJobBodySchema = z.looseObject({
  job_id: attachedJobIdSchema.optional(),
  name: nameSchema.nullish(),
  kind: jobKindSchema.nullish(),
  model_name: nameSchema.nullish(),
  dataset_path: z.string().max(4096).nullish(),
  status: jobStatusInputSchema.nullish(),
  error: textFieldSchema.nullish().describe("Why the run failed; taken while it is failed."),
  error_message: textFieldSchema.nullish().describe("The same as error."),
  config: jsonFieldSchema.nullish(),
  params: jsonFieldSchema.nullish(),
  live_params: z.record(z.string().max(64), liveParamSchema).nullish(),
  tags: tagsSchema.nullish(),
  progress: progressInputSchema.nullish(),
  current_step: stepSchema.nullish().describe("Never goes back within an attempt."),
  current_epoch: epochSchema.nullish().describe("Never goes back within an attempt."),
  total_steps: stepSchema.nullish(),
  total_epochs: epochSchema.nullish(),
  started_at: timestampInputSchema.nullish(),
  finished_at: timestampInputSchema
    .nullish()
    .describe("Taken once the run has ended. ISO 8601, or milliseconds (or seconds) since 1970."),
  completed_at: timestampInputSchema.nullish().describe("The same as finished_at."),
  parent_job_id: jobIdSchema.nullish(),
});

export const attachJobReplySchema = z.object({
  success: z.literal(true),
  job_id: z.string(),
  job_token: z.string(),
  ignored: z
    .array(z.string())
    .optional()
    .describe("Fields of the body that this route does not take, where there are any."),
});
export type AttachJobReply = z.infer<typeof attachJobReplySchema>;

export const jobStatusReplySchema = jobSchema
  .pick({
    job_id: true,
    status: true,
    progress: true,
    current_step: true,
    current_epoch: true,
    total_steps: true,
    total_epochs: true,
    error: true,
    error_message: true,
    started_at: true,
    finished_at: true,
    completed_at: true,
    updated_at: true,
    last_seq: true,
  })
  .loose();
