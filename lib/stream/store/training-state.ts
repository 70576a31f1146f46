import type { Command } from "@signalbox/protocol/command";
import { parseCursor } from "@signalbox/protocol/cursor";
import type { Job } from "@signalbox/protocol/job";
import type {
  eventPayloadSchema,
  LogLine,
  statusPayloadSchema,
  timelinePayloadSchema,
} from "@signalbox/protocol/stream-row";
import type { z } from "zod";
import { mergeCommand } from "./command-list.ts";
import type { TrainingFrame } from "./frames.ts";
import { mergeJob, mergeMetrics, mergeProgress } from "./merge-job.ts";
import { appendPoints, type SeriesTail } from "./series-tail.ts";

/** A row of the run's history as it came by the stream. */
export type ActivityRow =
  | ({ kind: "status" } & Omit<z.infer<typeof statusPayloadSchema>, "job">)
  | ({ kind: "timeline" } & z.infer<typeof timelinePayloadSchema>)
  | ({ kind: "event" } & z.infer<typeof eventPayloadSchema>)
  | ({ kind: "command"; seq: number } & Command);

export interface LogTail {
  /** By line number, ascending. */
  readonly lines: readonly LogLine[];
  /** Lines of the whole log as far as the stream has told; 0 before it has. */
  readonly totalLines: number;
}

/** Which epochs have new predictions; the rows themselves are read from the server. */
export interface PredictionUpdates {
  /** Grows with every prediction heard of. */
  readonly version: number;
  /** Epoch → the version at which it last changed. */
  readonly epochs: ReadonlyMap<number, number>;
}

/** What the stream has told of a run, cut into slices that change by identity. */
export interface TrainingSlices {
  readonly job: Job | null;
  /** Newest first. */
  readonly commands: readonly Command[];
  /** By seq, ascending. */
  readonly activity: readonly ActivityRow[];
  readonly logs: LogTail;
  readonly series: ReadonlyMap<string, SeriesTail>;
  readonly predictions: PredictionUpdates;
}

const activityCap = 2_000;
const logCap = 5_000;
const commandCap = 500;

export function emptySlices(job: Job | null = null): TrainingSlices {
  return {
    job,
    commands: [],
    activity: [],
    logs: { lines: [], totalLines: 0 },
    series: new Map(),
    predictions: { version: 0, epochs: new Map() },
  };
}

/** The newest `cap` items of two lists, one behind the other. */
function capped<T>(held: readonly T[], added: readonly T[], cap: number): readonly T[] {
  const all = [...held, ...added];
  return all.length > cap ? all.slice(all.length - cap) : all;
}

const seqOf = (id: string | undefined) => (id ? (parseCursor(id)?.seq ?? 0) : 0);

function withActivity(slices: TrainingSlices, row: ActivityRow): TrainingSlices {
  return { ...slices, activity: capped(slices.activity, [row], activityCap) };
}

function applyStatus(
  slices: TrainingSlices,
  data: Extract<TrainingFrame, { event: "status" }>["data"],
): TrainingSlices {
  const { job: incoming, ...row } = data;
  const next = withActivity(slices, { kind: "status", ...row });
  if (incoming) return { ...next, job: mergeJob(slices.job, incoming) };
  const { job } = slices;
  if (!job || row.seq <= job.last_seq) return next;
  return { ...next, job: { ...job, status: row.to, attempt: row.attempt, last_seq: row.seq } };
}

function applyMetrics(
  slices: TrainingSlices,
  data: Extract<TrainingFrame, { event: "metrics" }>["data"],
  seq: number,
): TrainingSlices {
  const series = new Map(slices.series);
  for (const [name, points] of Object.entries(data)) {
    if (points.length > 0) series.set(name, appendPoints(series.get(name), points, seq));
  }
  const { job } = slices;
  // Rows replayed from before the job's own state are history: they must not turn it back.
  const isNews = job !== null && seq > job.last_seq;
  return { ...slices, series, job: isNews ? mergeMetrics(job, data, seq) : job };
}

function applyLogs(
  { logs }: TrainingSlices,
  data: Extract<TrainingFrame, { event: "logs" }>["data"],
): LogTail {
  const last = logs.lines.at(-1)?.line ?? 0;
  const added = data.lines.filter(({ line }) => line > last);
  return {
    lines: capped(logs.lines, added, logCap),
    totalLines: Math.max(logs.totalLines, data.total_lines),
  };
}

function recordPrediction(
  { version, epochs }: PredictionUpdates,
  epoch: number,
): PredictionUpdates {
  return { version: version + 1, epochs: new Map(epochs).set(epoch, version + 1) };
}

/** The slices after one frame; each slice that the frame does not touch stays the same object. */
export function applyFrame(slices: TrainingSlices, frame: TrainingFrame): TrainingSlices {
  switch (frame.event) {
    case "snapshot": {
      const { job, commands } = frame.data;
      const merged = commands.reduce<readonly Command[]>(mergeCommand, slices.commands);
      return { ...slices, job: mergeJob(slices.job, job), commands: merged };
    }
    case "status":
      return applyStatus(slices, frame.data);
    case "event":
      return withActivity(slices, { kind: "event", ...frame.data });
    case "timeline":
      return withActivity(slices, { kind: "timeline", ...frame.data });
    case "metrics":
      return applyMetrics(slices, frame.data, seqOf(frame.id));
    case "logs":
      return { ...slices, logs: applyLogs(slices, frame.data) };
    case "command": {
      const commands = mergeCommand(slices.commands, frame.data).slice(0, commandCap);
      const row = { kind: "command", seq: seqOf(frame.id), ...frame.data } as const;
      return { ...withActivity(slices, row), commands };
    }
    case "progress":
      return slices.job ? { ...slices, job: mergeProgress(slices.job, frame.data) } : slices;
    case "job":
      return { ...slices, job: mergeJob(slices.job, frame.data.job) };
    case "reset":
      // Shown on until the snapshot comes, but older than whatever that says.
      return emptySlices(slices.job && { ...slices.job, last_seq: -1 });
    case "prediction": {
      const predictions = recordPrediction(slices.predictions, frame.data.prediction.epoch);
      return { ...slices, predictions };
    }
    case "connected":
    case "heartbeat":
    case "error":
    case "end":
      return slices;
    default:
      return assertNever(frame);
  }
}

function assertNever(frame: never): never {
  throw new Error(`unhandled frame ${JSON.stringify(frame)}`);
}
