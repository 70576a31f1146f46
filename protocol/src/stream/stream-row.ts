import { z } from "zod";
import { predictionSchema } from "../data/prediction.ts";
import { commandSchema } from "../job/command.ts";
import { jobSchema, jobStatusSchema } from "../job/job.ts";
import { isoTimeSchema, jsonObjectSchema, wireNumberSchema } from "../wire/primitives.ts";
import { type StreamName, streamNames } from "./stream-name.ts";

const truncatedSchema = z
  .literal(true)
  .optional()
  .describe("Texts were cut, as a frame is at most 1 MiB; the other routes have the whole.");

const statusPayloadSchema = z.object({
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
  truncated: truncatedSchema,
});

/** `[step, value, milliseconds since 1970]`; with `full=1` also `epoch` and `phase`, or nulls. */
export const metricTupleSchema = z
  .tuple([z.number(), wireNumberSchema, z.number()])
  .rest(z.union([z.number(), z.string(), z.null()]));
const metricsPayloadSchema = z.record(z.string(), z.array(metricTupleSchema));

/** A point as the database stores it: `[step, value, milliseconds since 1970, epoch, phase]`. */
export const storedTupleSchema = z.tuple([
  z.number(),
  wireNumberSchema,
  z.number(),
  z.number().nullish(),
  z.string().nullish(),
]);
export type StoredTuple = z.infer<typeof storedTupleSchema>;

export const timelinePayloadSchema = z.object({
  seq: z.number(),
  phase: z.string(),
  metadata: jsonObjectSchema,
  created_at: isoTimeSchema,
  truncated: truncatedSchema,
});

export const logLineSchema = z.object({
  /** Line number in the job's log, from 1. */
  line: z.number(),
  stream: z.enum(["stdout", "stderr"]),
  text: z.string(),
  ts: isoTimeSchema,
  truncated: truncatedSchema,
});
export type LogLine = z.infer<typeof logLineSchema>;
const logsPayloadSchema = z.object({
  lines: z.array(logLineSchema),
  total_lines: z.number(),
});

/** A batch of predictions, as the database returns its row. */
const storedPredictionsSchema = z.object({
  predictions: z.array(predictionSchema),
  /** Epoch and its number of predictions, of each epoch in the batch. */
  counts: z.array(z.tuple([z.number(), z.number()])),
  total_count: z.number(),
});
const predictionPayloadSchema = z.object({
  prediction: predictionSchema,
  total_count: z.number(),
  timestamp: isoTimeSchema,
});

/** What `predictions=summary` sends of a batch instead, for each of its epochs. */
export const predictionSummarySchema = z.object({
  epoch: z.number(),
  count: z.number().describe("How many predictions the epoch now has."),
  seq: z.number(),
});
export type PredictionSummary = z.infer<typeof predictionSummarySchema>;

interface StreamKind {
  /** The payload of a row, as the database returns it. */
  stored: z.ZodType;
  /** The data of each of its frames. */
  frame: z.ZodType;
  /** What the frame says, for the API description. */
  description: string;
  /** Whether its rows make up the run's activity: the timeline shows them. */
  activity: boolean;
}

/** What a row of each stream is: stored, and sent. A new kind of row begins here. */
const streamKinds = {
  status: {
    stored: statusPayloadSchema.omit({ seq: true, job: true }),
    frame: statusPayloadSchema,
    description: "The job's state changed.",
    activity: true,
  },
  event: {
    stored: eventPayloadSchema.omit({ seq: true }),
    frame: eventPayloadSchema,
    description: "The trainer or the server recorded an event.",
    activity: true,
  },
  metrics: {
    stored: z.record(z.string(), z.array(storedTupleSchema)),
    frame: metricsPayloadSchema,
    description:
      "New points by series. Without full=1, a flood is downsampled to its first, last, smallest and largest points.",
    activity: false,
  },
  timeline: {
    stored: timelinePayloadSchema.omit({ seq: true }),
    frame: timelinePayloadSchema,
    description: "The trainer entered a phase.",
    activity: true,
  },
  logs: {
    stored: logsPayloadSchema,
    frame: logsPayloadSchema,
    description: "New lines of the log.",
    activity: false,
  },
  prediction: {
    stored: storedPredictionsSchema,
    frame: predictionPayloadSchema,
    description: "One prediction; the last one of a batch carries the id.",
    activity: false,
  },
  command: {
    stored: commandSchema,
    frame: commandSchema,
    description: "A command was requested, delivered or answered.",
    activity: true,
  },
} satisfies Record<StreamName, StreamKind>;

type Kinds = typeof streamKinds;

/** The streams whose rows make up a run's activity. */
export type ActivityName = {
  [Name in StreamName]: Kinds[Name]["activity"] extends true ? Name : never;
}[StreamName];
export const activityNames = streamNames.filter(
  (name): name is ActivityName => streamKinds[name].activity,
);

type StoredPayload<Name extends StreamName> = z.infer<Kinds[Name]["stored"]>;
export type FrameData<Name extends StreamName> = z.infer<Kinds[Name]["frame"]>;

/** A stored row of a job's stream: a union over its streams, or the row of one of them. */
export type StreamRow<Name extends StreamName = StreamName> = {
  [Each in Name]: {
    seq: number;
    stream: Each;
    payload: StoredPayload<Each>;
    created_at: string;
  };
}[Name];

// Indexed by a generic name, `streamKinds` has the union of all kinds' types: the casts in these two
// functions choose the one of `Name`.
const rowSchema = <Name extends StreamName>(stream: Name) =>
  z.object({
    seq: z.number(),
    stream: z.literal(stream),
    payload: streamKinds[stream].stored as Kinds[Name]["stored"],
    created_at: isoTimeSchema,
  });
const frameSchema = <Name extends StreamName>(event: Name) => {
  const { frame, description } = streamKinds[event];
  return z
    .object({
      event: z.literal(event),
      id: z.string().optional(),
      data: frame as Kinds[Name]["frame"],
    })
    .describe(description);
};

type RowSchemas<Names extends readonly StreamName[]> = {
  [At in keyof Names]: ReturnType<typeof rowSchema<Names[At]>>;
};
type FrameSchemas<Names extends readonly StreamName[]> = {
  [At in keyof Names]: ReturnType<typeof frameSchema<Names[At]>>;
};

/**
 * A schema for each stream, in the order of `streamNames`. The type says of each which stream it is
 * of: `make` derives it from the name alone, which `map` cannot express.
 */
function perStream<Schemas>(make: (name: StreamName) => z.ZodType): Schemas {
  return streamNames.map(make) as Schemas;
}

/** Parses a row as `read_stream` returns it. */
export const streamRowSchema = z.discriminatedUnion(
  "stream",
  perStream<RowSchemas<typeof streamNames>>(rowSchema),
);

/** The frames of rows, in the order of `streamNames`. */
export const streamFrameSchemas = perStream<FrameSchemas<typeof streamNames>>(frameSchema);
