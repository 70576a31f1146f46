import { trainerCapabilitySchema } from "@signalbox/protocol/backend";
import { commandReplySchema, commandSchema } from "@signalbox/protocol/command";
import { savedViewSchema } from "@signalbox/protocol/compare";
import { errorReplySchema } from "@signalbox/protocol/error";
import { ingestReplySchema } from "@signalbox/protocol/ingest";
import { jobSchema } from "@signalbox/protocol/job";
import { seriesSchema } from "@signalbox/protocol/metrics";
import { comparedPredictionSchema, predictionSchema } from "@signalbox/protocol/prediction";
import { apiKeySchema } from "@signalbox/protocol/read";
import { runsFrameSchema } from "@signalbox/protocol/runs-stream";
import { jobsFrameSchema, trainingFrameSchema } from "@signalbox/protocol/stream";
import {
  eventPayloadSchema,
  logLineSchema,
  timelinePayloadSchema,
} from "@signalbox/protocol/stream-row";
import type { z } from "zod";

/** Named schemas of the API description. Replies only. */
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
  RunsStreamFrame: runsFrameSchema,
  SavedView: savedViewSchema,
  Series: seriesSchema,
  TimelineEntry: timelinePayloadSchema,
  Trainer: trainerCapabilitySchema,
};

export const componentNames: ReadonlyMap<z.core.$ZodType, string> = new Map(
  Object.entries(components).map(([name, schema]) => [schema, name]),
);
