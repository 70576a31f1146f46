import type { z } from "zod";
import { trainerCapabilitySchema } from "@/lib/contracts/backend";
import { commandReplySchema, commandSchema } from "@/lib/contracts/command";
import { savedViewSchema } from "@/lib/contracts/compare";
import { errorReplySchema } from "@/lib/contracts/error";
import { ingestReplySchema } from "@/lib/contracts/ingest";
import { jobSchema } from "@/lib/contracts/job";
import { seriesSchema } from "@/lib/contracts/metrics";
import { comparedPredictionSchema, predictionSchema } from "@/lib/contracts/prediction";
import { apiKeySchema } from "@/lib/contracts/read";
import {
  eventPayloadSchema,
  jobsFrameSchema,
  logLineSchema,
  timelinePayloadSchema,
  trainingFrameSchema,
} from "@/lib/contracts/stream";

/** Shapes that have a name of their own in the API description. Replies only. */
export const components: Record<string, z.ZodType> = {
  ApiKey: apiKeySchema,
  Command: commandSchema,
  CommandReply: commandReplySchema,
  ComparedPrediction: comparedPredictionSchema,
  Error: errorReplySchema,
  Event: eventPayloadSchema,
  IngestReply: ingestReplySchema,
  Job: jobSchema,
  JobStreamFrame: trainingFrameSchema,
  JobsStreamFrame: jobsFrameSchema,
  LogLine: logLineSchema,
  Prediction: predictionSchema,
  SavedView: savedViewSchema,
  Series: seriesSchema,
  TimelineEntry: timelinePayloadSchema,
  Trainer: trainerCapabilitySchema,
};

export const componentNames: ReadonlyMap<z.core.$ZodType, string> = new Map(
  Object.entries(components).map(([name, schema]) => [schema, name]),
);
