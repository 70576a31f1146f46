import type { ServerEvent } from "@signalbox/protocol/stream/event-source";
import {
  jobsFrameSchema,
  type TrainingFrame,
  trainingFrameSchema,
} from "@signalbox/protocol/stream/stream";
import { parseJson } from "@signalbox/protocol/wire/json";
import type { z } from "zod";

export type { ProgressData, TrainingFrame } from "@signalbox/protocol/stream/stream";

function parseWith<S extends z.ZodType>(schema: S, message: ServerEvent): z.output<S> | null {
  const parsed = schema.safeParse({
    event: message.event,
    id: message.id ?? undefined,
    data: parseJson(message.data),
  });
  return parsed.success ? parsed.data : null;
}

/** A frame of one job's stream; null for one that this version does not know. */
export function parseTrainingFrame(message: ServerEvent): TrainingFrame | null {
  return parseWith(trainingFrameSchema, message);
}

/** A frame of the stream of all jobs; null for one that this version does not know. */
export function parseJobsFrame(message: ServerEvent): z.output<typeof jobsFrameSchema> | null {
  return parseWith(jobsFrameSchema, message);
}
