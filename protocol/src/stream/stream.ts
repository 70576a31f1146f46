import { z } from "zod";
import { eventLevels } from "../data/ingest.ts";
import { commandSchema } from "../job/command.ts";
import { jobSchema, jobStatusSchema } from "../job/job.ts";
import { isoTimeSchema } from "../wire/primitives.ts";
import { streamNames } from "./stream-name.ts";
import { eventPayloadSchema, predictionSummarySchema, streamFrameSchemas } from "./stream-row.ts";

const streamNameSchema = z.enum(streamNames);

const progressPayloadSchema = jobSchema.pick({
  progress: true,
  phase: true,
  current_step: true,
  total_steps: true,
  current_epoch: true,
  total_epochs: true,
});

const frame = <T extends string, D extends z.ZodType>(event: T, data: D, description: string) =>
  z.object({ event: z.literal(event), id: z.string().optional(), data }).describe(description);

const heartbeatFrameSchema = frame(
  "heartbeat",
  z.object({ timestamp: isoTimeSchema }),
  "Every 15 s. Where filters held rows back, its id moves the cursor past them.",
);
const errorFrameSchema = frame(
  "error",
  z.object({ code: z.string(), message: z.string() }),
  "The stream ends after it: the credential was revoked, or the server failed.",
);

const jobFrameSchema = z.discriminatedUnion("event", [
  frame(
    "connected",
    z.object({
      jobId: z.string(),
      generation: z.string(),
      last_seq: z.number(),
      timestamp: isoTimeSchema,
    }),
    "The first frame of every connection.",
  ),
  frame(
    "snapshot",
    z.object({ job: jobSchema, commands: z.array(commandSchema).default([]) }),
    "The job's current state; sent without a cursor, and after a reset. Its id is the job's last seq.",
  ),
  ...streamFrameSchemas,
  heartbeatFrameSchema,
  frame(
    "reset",
    z.object({ reason: z.string() }),
    "The cursor could not be used. A snapshot follows; what was read before may belong to another run.",
  ),
  errorFrameSchema,
  frame(
    "end",
    z.object({ status: jobStatusSchema }),
    "A terminal state, and everything before it has been delivered. The connection closes.",
  ),
]);

const progressFrameSchema = frame(
  "progress",
  progressPayloadSchema.extend({
    last_seq: z.number(),
    heartbeat_at: isoTimeSchema.nullable(),
    updated_at: isoTimeSchema,
    active_seconds: z.number(),
  }),
  "Progress that has no row of its own; at most once a second, to viewers without filters.",
);
export type ProgressData = z.infer<typeof progressFrameSchema>["data"];

/** Every frame of one job's stream: the contract's, and two that viewers without filters get. */
export const trainingFrameSchema = z.discriminatedUnion("event", [
  ...jobFrameSchema.options,
  progressFrameSchema,
  frame(
    "job",
    z.object({ job: jobSchema }),
    "The whole job, when its name, tags, parameters or the like changed without a row; to viewers without filters.",
  ),
  frame(
    "prediction_summary",
    predictionSummarySchema,
    "With predictions=summary, in place of prediction frames: an epoch has new predictions. The last one of a batch carries the id.",
  ),
]);
export type TrainingFrame = z.infer<typeof trainingFrameSchema>;

export const jobsFrameSchema = z.discriminatedUnion("event", [
  frame(
    "connected",
    z.object({ timestamp: isoTimeSchema }),
    "The first frame of every connection.",
  ),
  frame(
    "snapshot",
    z.object({ jobs: z.array(jobSchema), total: z.number() }),
    "The newest jobs, and how many there are.",
  ),
  frame("job", z.object({ job: jobSchema }), "A job is new or has changed."),
  frame("removed", z.object({ id: z.string() }), "A job is gone."),
  heartbeatFrameSchema,
  errorFrameSchema,
]);

/** A row of a job's journal; `data` is that of a `full=1` frame of this event. */
const journalRowSchema = z.object({
  seq: z.number(),
  event: streamNameSchema,
  data: z.unknown().describe("The data of the stream's frame of this event."),
});
export type JournalRow = z.infer<typeof journalRowSchema>;

export const rowsReplySchema = z.object({
  job_id: z.string(),
  generation: z.string(),
  status: jobStatusSchema,
  last_seq: z.number(),
  rows: z.array(journalRowSchema),
  /** The next page's `since_seq`; at `last_seq` there is no more for now. */
  next_seq: z.number(),
});
export type RowsReply = z.infer<typeof rowsReplySchema>;

/** Comma-separated, or repeated for values that contain a comma; an empty list is no filter. */
const filterList = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => {
    const parts = typeof value === "string" ? value.split(",") : value;
    if (!Array.isArray(parts)) return parts;
    const filled = parts.filter((part) => part !== "");
    return filled.length > 0 ? filled : undefined;
  }, z.array(item).max(500).optional());

const epochFilterSchema = z
  .preprocess((value) => (value === "" ? undefined : value), z.coerce.number().min(0).optional())
  .describe("Predictions of this epoch only.");
const afterSchema = z
  .string()
  .optional()
  .describe(
    "The cursor to resume after, <generation>-<seq>: the id of the last frame read. The header Last-Event-ID takes precedence.",
  );

const followSchema = z
  .enum(["1", "true", "0", "false", ""])
  .optional()
  .describe(
    "0: send what is stored after the cursor, then close, as a page: for clients behind a proxy that holds streams back. By default rows to come follow.",
  );

/** Whether a stream stays open for rows to come. */
export const follows = ({ follow }: { follow?: string | undefined }): boolean =>
  follow !== "0" && follow !== "false";

/** `GET /api/training/jobs/{id}/stream`: each filter is for its own kind of row. */
export const streamQuerySchema = z.object({
  streams: filterList(streamNameSchema).describe("Only these streams."),
  epoch: epochFilterSchema,
  event_types: filterList(z.string().max(128)).describe("Events of these types only."),
  event_levels: filterList(z.enum(eventLevels)).describe("Events of these levels only."),
  metric_names: filterList(z.string().max(256)).describe(
    "Points of these series only; `train.loss` also means `train/loss`, and the other way round.",
  ),
  metric_phases: filterList(z.string().max(64)).describe("Points of these phases only."),
  timeline_phases: filterList(z.string().max(64)).describe("These phases only."),
  full: z
    .enum(["1", "true", "0", "false", ""])
    .optional()
    .describe("1: never downsample metrics, and send every point with its epoch and phase."),
  predictions: z
    .enum(["full", "summary", ""])
    .optional()
    .describe("summary: say which epochs have new predictions instead of sending each prediction."),
  after: afterSchema,
  follow: followSchema,
});
export type StreamQuery = z.output<typeof streamQuerySchema>;

/** `GET /api/training/predictions/{id}/stream` */
export const predictionStreamQuerySchema = streamQuerySchema.pick({
  epoch: true,
  predictions: true,
  after: true,
  follow: true,
});

/** `GET /api/training/jobs/stream` */
export const jobsStreamQuerySchema = streamQuerySchema.pick({ follow: true });
export type JobsStreamQuery = z.output<typeof jobsStreamQuerySchema>;

/** `GET /api/learning/jobs/{id}/events/stream` */
export const eventsStreamQuerySchema = z.object({
  since_seq: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe("The events after this seq. The header Last-Event-ID takes precedence."),
});

export const learningEventFrameSchema = z
  .object({
    id: z.string().optional(),
    data: eventPayloadSchema
      .partial({ seq: true, created_at: true })
      .extend({ job_id: z.string() }),
  })
  .describe("An event. Heartbeats are comments.");
