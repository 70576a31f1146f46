import { savedViewSchema } from "@signalbox/protocol/data/compare";
import { ingestReplySchema } from "@signalbox/protocol/data/ingest";
import { seriesSchema } from "@signalbox/protocol/data/metrics";
import { comparedPredictionSchema, predictionSchema } from "@signalbox/protocol/data/prediction";
import { apiKeySchema } from "@signalbox/protocol/data/read";
import { commandReplySchema, commandSchema } from "@signalbox/protocol/job/command";
import { jobSchema } from "@signalbox/protocol/job/job";
import { trainerCapabilitySchema } from "@signalbox/protocol/service/backend";
import { runsFrameSchema } from "@signalbox/protocol/stream/runs-stream";
import { jobsFrameSchema, trainingFrameSchema } from "@signalbox/protocol/stream/stream";
import {
  eventPayloadSchema,
  logLineSchema,
  timelinePayloadSchema,
} from "@signalbox/protocol/stream/stream-row";
import { errorReplySchema } from "@signalbox/protocol/wire/error";
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
