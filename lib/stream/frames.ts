import { z } from "zod";
import { jobSchema } from "../contracts/job.ts";
import { isoTimeSchema } from "../contracts/primitives.ts";
import { jobFrameSchema, jobsFrameSchema, progressPayloadSchema } from "../contracts/stream.ts";
import { parseJson } from "./parse-json.ts";
import type { StreamMessage } from "./read-connection.ts";

/** What of a job moves without a row of its own; told at most once a second. */
const progressFrameSchema = z.object({
  event: z.literal("progress"),
  id: z.string().optional(),
  data: progressPayloadSchema.extend({
    last_seq: z.number(),
    heartbeat_at: isoTimeSchema.nullable(),
    updated_at: isoTimeSchema,
    active_seconds: z.number(),
  }),
});

/** The whole job, when something lasting (its name, tags, parameters) has changed without a row. */
const changedJobFrameSchema = z.object({
  event: z.literal("job"),
  id: z.string().optional(),
  data: z.object({ job: jobSchema }),
});

export const trainingFrameSchema = z.discriminatedUnion("event", [
  ...jobFrameSchema.options,
  progressFrameSchema,
  changedJobFrameSchema,
]);
export type TrainingFrame = z.infer<typeof trainingFrameSchema>;
export type ProgressData = z.infer<typeof progressFrameSchema>["data"];

function parseWith<S extends z.ZodType>(schema: S, message: StreamMessage): z.output<S> | null {
  const parsed = schema.safeParse({
    event: message.event,
    id: message.id ?? undefined,
    data: parseJson(message.data),
  });
  return parsed.success ? parsed.data : null;
}

/** A frame of one job's stream; null for one that this version does not know. */
export function parseTrainingFrame(message: StreamMessage): TrainingFrame | null {
  return parseWith(trainingFrameSchema, message);
}

/** A frame of the stream of all jobs; null for one that this version does not know. */
export function parseJobsFrame(message: StreamMessage): z.output<typeof jobsFrameSchema> | null {
  return parseWith(jobsFrameSchema, message);
}
