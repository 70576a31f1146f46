import { z } from "zod";
import { commandSchema } from "./command.ts";
import { jobSchema, jobStatusSchema } from "./job.ts";
import { predictionSchema } from "./prediction.ts";
import { isoTimeSchema, jsonObjectSchema, wireNumberSchema } from "./primitives.ts";

/** The streams whose rows share one job's `seq`. */
export const streamNames = [
  "status",
  "event",
  "metrics",
  "timeline",
  "logs",
  "prediction",
  "command",
] as const;
export const streamNameSchema = z.enum(streamNames);
export type StreamName = z.infer<typeof streamNameSchema>;

export const statusPayloadSchema = z.object({
  seq: z.number(),
  from: jobStatusSchema.nullable(),
  to: jobStatusSchema,
  reason: z.string().nullable(),
  actor: z.string().nullable(),
  attempt: z.number(),
  created_at: isoTimeSchema,
  /** The job as this change left it, so that a viewer needs no second request. */
  job: jobSchema.optional(),
});

export const eventPayloadSchema = z.object({
  seq: z.number(),
  type: z.string(),
  level: z.string(),
  message: z.string(),
  data: jsonObjectSchema,
  created_at: isoTimeSchema,
});

/** `[step, value, milliseconds since 1970]`; with `full=1` also `epoch` and `phase`, or nulls. */
export const metricTupleSchema = z
  .tuple([z.number(), wireNumberSchema, z.number()])
  .rest(z.union([z.number(), z.string(), z.null()]));
export const metricsPayloadSchema = z.record(z.string(), z.array(metricTupleSchema));

export const timelinePayloadSchema = z.object({
  seq: z.number(),
  phase: z.string(),
  metadata: jsonObjectSchema,
  created_at: isoTimeSchema,
});

export const logLineSchema = z.object({
  /** Line number in the job's log, from 1. */
  line: z.number(),
  stream: z.enum(["stdout", "stderr"]),
  text: z.string(),
  ts: isoTimeSchema,
});
export type LogLine = z.infer<typeof logLineSchema>;
export const logsPayloadSchema = z.object({
  lines: z.array(logLineSchema),
  total_lines: z.number(),
});

export const progressPayloadSchema = jobSchema.pick({
  progress: true,
  phase: true,
  current_step: true,
  total_steps: true,
  current_epoch: true,
  total_epochs: true,
});

const frame = <T extends string, D extends z.ZodType>(event: T, data: D) =>
  z.object({ event: z.literal(event), id: z.string().optional(), data });

export const jobFrameSchema = z.discriminatedUnion("event", [
  frame(
    "connected",
    z.object({
      jobId: z.string(),
      generation: z.string(),
      last_seq: z.number(),
      timestamp: isoTimeSchema,
    }),
  ),
  frame("snapshot", z.object({ job: jobSchema, commands: z.array(commandSchema).default([]) })),
  frame("status", statusPayloadSchema),
  frame("event", eventPayloadSchema),
  frame("metrics", metricsPayloadSchema),
  frame("timeline", timelinePayloadSchema),
  frame("logs", logsPayloadSchema),
  frame(
    "prediction",
    z.object({ prediction: predictionSchema, total_count: z.number(), timestamp: isoTimeSchema }),
  ),
  frame("command", commandSchema),
  frame("heartbeat", z.object({ timestamp: isoTimeSchema })),
  frame("reset", z.object({ reason: z.string() })),
  frame("error", z.object({ code: z.string(), message: z.string() })),
  frame("end", z.object({ status: jobStatusSchema })),
]);
export type JobFrame = z.infer<typeof jobFrameSchema>;

export const jobsFrameSchema = z.discriminatedUnion("event", [
  frame("connected", z.object({ timestamp: isoTimeSchema })),
  frame("snapshot", z.object({ jobs: z.array(jobSchema), total: z.number() })),
  frame("job", z.object({ job: jobSchema })),
  frame("removed", z.object({ id: z.string() })),
  frame("heartbeat", z.object({ timestamp: isoTimeSchema })),
  frame("error", z.object({ code: z.string(), message: z.string() })),
]);
export type JobsFrame = z.infer<typeof jobsFrameSchema>;

/** What one seq of a job's journal tells; `data` is that of a `full=1` frame of this event. */
export const journalRowSchema = z.object({
  seq: z.number(),
  event: streamNameSchema,
  data: z.unknown(),
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

/** Where a reader stands in a job's stream. */
export interface StreamCursor {
  generation: string;
  seq: number;
}

export function formatCursor({ generation, seq }: StreamCursor): string {
  return `${generation}-${seq}`;
}

/** Returns null for anything that is not `<generation>-<seq>`. */
export function parseCursor(text: string): StreamCursor | null {
  const match = /^([a-z0-9]{4,32})-(0|[1-9]\d{0,15})$/.exec(text);
  if (!match?.[1] || !match[2]) return null;
  const seq = Number(match[2]);
  return Number.isSafeInteger(seq) ? { generation: match[1], seq } : null;
}
