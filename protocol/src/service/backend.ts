import { z } from "zod";
import { commandTypeSchema, pauseModes } from "../job/command.ts";
import { jobKindSchema, liveParamSchema } from "../job/job.ts";
import { clientKeySchema, jobIdSchema, jsonObjectSchema, nameSchema } from "../wire/primitives.ts";

/*
 * The protocol of a training backend. Requests are strict; replies are parsed tolerantly, so that
 * another backend may add fields.
 */

export const backendHealthSchema = z.object({
  /** The same as long as it has the same runs, whatever its address. */
  id: z.string().min(1).max(256).optional(),
  active_jobs: z.number().default(0),
  waiting_jobs: z.number().default(0),
});

/** One field of a trainer's configuration, as JSON Schema with hints for a form. */
const configFieldSchema = z.looseObject({
  type: z.enum(["integer", "number", "string", "boolean"]).optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  "x-group": z.string().optional(),
  "x-order": z.number().optional(),
  /** `run`: holds the id of a run. */
  "x-widget": z.string().optional(),
  /** For a run: the kinds that it may be of. */
  "x-run-kinds": z.array(jobKindSchema).optional(),
});
export type ConfigField = z.infer<typeof configFieldSchema>;

const configSchemaSchema = z.looseObject({
  type: z.literal("object"),
  properties: z.record(z.string(), configFieldSchema),
  required: z.array(z.string()).optional(),
});

export const trainerCapabilitySchema = z.object({
  kind: jobKindSchema,
  name: z.string(),
  config_schema: configSchemaSchema,
  live_params: z.record(z.string(), liveParamSchema),
  pause: z.array(z.enum(pauseModes)),
});
export type TrainerCapability = z.infer<typeof trainerCapabilitySchema>;

export const capabilitiesSchema = z.object({ trainers: z.array(trainerCapabilitySchema) });
export type Capabilities = z.infer<typeof capabilitiesSchema>;

const attemptSchema = z.int().min(1);
const jobTokenSchema = z.string().min(1).max(1024);
const checkpointIdSchema = z.string().min(1).max(128);

/** Starts a job, or a later attempt of it. Repeating a job and attempt returns the same reply. */
export const backendStartBodySchema = z.strictObject({
  job_id: jobIdSchema,
  /** Whose job it is: it may start only from the checkpoints of jobs of the same owner. */
  owner: z.string().min(1).max(128).optional(),
  name: nameSchema.optional(),
  kind: jobKindSchema,
  config: jsonObjectSchema.default({}),
  dataset: z.unknown().optional(),
  dashboard_url: z.url({ protocol: /^https?$/ }),
  job_token: jobTokenSchema,
  attempt: attemptSchema.default(1),
  resume_from: checkpointIdSchema.optional(),
});
export type BackendStartBody = z.infer<typeof backendStartBodySchema>;

export const backendJobStatuses = [
  "queued",
  "active",
  "paused",
  "succeeded",
  "failed",
  "cancelled",
] as const;

export const backendJobSchema = z.object({
  job_id: z.string(),
  name: z.string().nullable(),
  kind: jobKindSchema,
  status: z.enum(backendJobStatuses),
  attempt: z.number().int(),
  /** Paused between two steps, with its memory kept. */
  held: z.boolean(),
  phase: z.string().nullable(),
  step: z.number().nullable(),
  epoch: z.number().nullable(),
  progress: z.number().nullable(),
  total_steps: z.number().nullable(),
  total_epochs: z.number().nullable(),
  /** The configuration with every default filled in. */
  config: jsonObjectSchema,
  error: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type BackendJob = z.infer<typeof backendJobSchema>;

export const backendCommandBodySchema = z.strictObject({
  id: clientKeySchema,
  type: z.preprocess((type) => (type === "cancel" ? "stop" : type), commandTypeSchema),
  args: jsonObjectSchema.default({}),
  /** For a resume that starts a new process: the new attempt's token and number. */
  job_token: jobTokenSchema.optional(),
  attempt: attemptSchema.optional(),
});
export type BackendCommandBody = z.infer<typeof backendCommandBodySchema>;

const backendCheckpointSchema = z.object({
  id: z.string(),
  step: z.number(),
  epoch: z.number().nullable(),
  verified: z.boolean(),
  final: z.boolean().optional(),
  bytes: z.number(),
  created_at: z.string(),
});
export const backendCheckpointsSchema = z.object({ checkpoints: z.array(backendCheckpointSchema) });

const placedJobSchema = z.object({ job_id: z.string(), owner: z.string().nullable() });

export const backendQueueSchema = z.object({
  /** How many trainers run at once, of all users and of one. */
  maximum: z.number().int(),
  maximum_per_user: z.number().int(),
  running: z.array(placedJobSchema),
  /** In the order in which they start, where each owner has room. */
  waiting: z.array(placedJobSchema.extend({ attempt: z.number().int() })),
});
export type BackendQueue = z.infer<typeof backendQueueSchema>;

/** A backend's error reply; `details` names invalid configuration fields. */
export const backendErrorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() }),
});
