import {
  jobsFrameSchema,
  type TrainingFrame,
  trainingFrameSchema,
} from "@signalbox/protocol/stream";
import type { z } from "zod";
import { parseJson } from "../connection/parse-json.ts";
import type { StreamMessage } from "../connection/read-connection.ts";

export type { ProgressData, TrainingFrame } from "@signalbox/protocol/stream";

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
