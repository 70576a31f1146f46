import { z } from "zod";
import { jobIdSchema } from "../wire/primitives.ts";
import { streamQuerySchema, type TrainingFrame, trainingFrameSchema } from "./stream.ts";

/**
 * How many runs one stream may carry: as many as an address and a cursor can name within the
 * 16 KiB that HTTP servers accept as headers.
 */
export const maxStreamedRuns = 50;

/** `GET /api/training/stream`: the runs, and the filters of one run's stream for all of them. */
export const runsStreamQuerySchema = streamQuerySchema.extend({
  runs: z
    .preprocess(
      (value) => (typeof value === "string" ? value.split(",").filter(Boolean) : value),
      z
        .array(z.string(), "must name at least one run")
        .min(1, "must name at least one run")
        .max(maxStreamedRuns, `must name at most ${maxStreamedRuns} runs; open another for more`),
    )
    .describe(`Ids of 1 to ${maxStreamedRuns} runs, separated by commas.`),
  after: streamQuerySchema.shape.after.describe(
    "The cursor to resume after: `<id>:<generation>-<seq>` of each run, separated by commas. A run without one begins with a snapshot. The header Last-Event-ID takes precedence.",
  ),
});
export type RunsStreamQuery = z.output<typeof runsStreamQuerySchema>;

/** The `data` of every frame that belongs to one of the runs. */
const runEnvelopeSchema = z.object({
  run: z.string().describe("The run's id."),
  cursor: z.string().optional().describe("The run's cursor with this frame."),
  data: z.unknown().describe("The data of this frame in the run's own stream."),
});

type FrameOf<E> = Extract<TrainingFrame, { event: E }>;
type StreamWideEvent = "heartbeat" | "error";

/** A run's frame, as its own stream would carry it. */
export type RunFrame = Exclude<TrainingFrame, { event: StreamWideEvent }>;

export type RunsFrame =
  | { event: "run"; run: string; frame: RunFrame }
  | { event: "removed"; run: string }
  | FrameOf<StreamWideEvent>;

const isStreamWide = (event: string) => event === "heartbeat" || event === "error";

const [runFrames, streamWideFrames] = [false, true].map((wide) =>
  trainingFrameSchema.options.filter(({ shape }) => isStreamWide(shape.event.value) === wide),
);

const removedDataSchema = runEnvelopeSchema.pick({ run: true });

/** The envelope of a frame of one of the runs; null for a frame of the whole stream. */
export function parseRunEnvelope(data: unknown): z.output<typeof runEnvelopeSchema> | null {
  const parsed = runEnvelopeSchema.safeParse(data);
  return parsed.success ? parsed.data : null;
}

/** Every frame of a stream of several runs, as it is on the wire. */
export const runsFrameSchema = z.union([
  ...(runFrames ?? []).map(({ shape, description }) =>
    z
      .object({
        event: shape.event,
        id: z.string().optional(),
        data: runEnvelopeSchema.extend({ data: shape.data }),
      })
      .describe(description ?? ""),
  ),
  z
    .object({ event: z.literal("removed"), data: removedDataSchema })
    .describe("The run was deleted; the stream of the others goes on."),
  ...(streamWideFrames ?? []),
]);

/**
 * A frame as it came: its event, and its data parsed as JSON. Null for one that this version does
 * not know.
 */
export function parseRunsFrame(event: string, id: string | null, data: unknown): RunsFrame | null {
  if (event === "removed") {
    const parsed = removedDataSchema.safeParse(data);
    return parsed.success ? { event, run: parsed.data.run } : null;
  }
  if (isStreamWide(event)) {
    const parsed = trainingFrameSchema.safeParse({ event, id: id ?? undefined, data });
    return parsed.success && isStreamWideFrame(parsed.data) ? parsed.data : null;
  }
  const envelope = parseRunEnvelope(data);
  if (!envelope) return null;
  const { run, cursor, data: payload } = envelope;
  const parsed = trainingFrameSchema.safeParse({ event, id: cursor, data: payload });
  if (!parsed.success || isStreamWideFrame(parsed.data)) return null;
  return { event: "run", run, frame: parsed.data };
}

function isStreamWideFrame(frame: TrainingFrame): frame is FrameOf<StreamWideEvent> {
  return isStreamWide(frame.event);
}

/** A run's cursor by its id. An id holds no comma, a cursor no colon: neither can be mistaken. */
export type RunsCursor = ReadonlyMap<string, string>;

export function formatRunsCursor(cursors: Iterable<readonly [string, string]>): string {
  return [...cursors].map(([run, cursor]) => `${run}:${cursor}`).join(",");
}

/** Returns null for anything but `<id>:<cursor>` separated by commas; cursors are not parsed. */
export function parseRunsCursor(text: string): RunsCursor | null {
  const cursors = new Map<string, string>();
  for (const part of text.split(",")) {
    const colon = part.lastIndexOf(":");
    const run = part.slice(0, Math.max(0, colon));
    if (!jobIdSchema.safeParse(run).success) return null;
    cursors.set(run, part.slice(colon + 1));
  }
  return cursors;
}
