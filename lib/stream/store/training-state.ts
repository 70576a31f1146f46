import type { Command } from "@signalbox/protocol/job/command";
import type { Job } from "@signalbox/protocol/job/job";
import { parseCursor } from "@signalbox/protocol/stream/cursor";
import type { ActivityName, FrameData, LogLine } from "@signalbox/protocol/stream/stream-row";
import { mergeCommand } from "./command-list.ts";
import type { TrainingFrame } from "./frames.ts";
import { mergeJob, mergeMetrics, mergeProgress } from "./merge-job.ts";
import { appendPoints, type SeriesTail } from "./series-tail.ts";

/** A row of the run's activity, as the stream sent it: a union, or the rows of one stream. */
export type ActivityRow<Name extends ActivityName = ActivityName> = {
  [Each in Name]: { kind: Each; seq: number } & Omit<FrameData<Each>, "job">;
}[Name];

interface LogTail {
  /** By line number, ascending. */
  readonly lines: readonly LogLine[];
  /** Lines of the whole log, as far as the stream has said; 0 before. */
  readonly totalLines: number;
}

/** Which epochs have new predictions; the rows themselves are read from the server. */
interface PredictionUpdates {
  /** Grows with every prediction, or summary of some, received. */
  readonly version: number;
  /** Epoch → the version at which it last changed. */
  readonly epochs: ReadonlyMap<number, number>;
}

/** A run's state as received by the stream, in slices that change by identity. */
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

/** The newest `cap` items of two lists, one after the other. */
function capped<T>(held: readonly T[], added: readonly T[], cap: number): readonly T[] {
  const all = [...held, ...added];
  return all.length > cap ? all.slice(all.length - cap) : all;
}

const seqOf = (id: string | undefined) => (id ? (parseCursor(id)?.seq ?? 0) : 0);

function withActivity(slices: TrainingSlices, row: ActivityRow): TrainingSlices {
  return { ...slices, activity: capped(slices.activity, [row], activityCap) };
}

function applyStatus(slices: TrainingSlices, data: FrameData<"status">): TrainingSlices {
  const { job: incoming, ...row } = data;
  const next = withActivity(slices, { kind: "status", ...row });
  if (incoming) return { ...next, job: mergeJob(slices.job, incoming) };
  const { job } = slices;
  if (!job || row.seq <= job.last_seq) return next;
  return { ...next, job: { ...job, status: row.to, attempt: row.attempt, last_seq: row.seq } };
}

function applyMetrics(
  slices: TrainingSlices,
  data: FrameData<"metrics">,
  seq: number,
): TrainingSlices {
  const series = new Map(slices.series);
  for (const [name, points] of Object.entries(data)) {
    if (points.length > 0) series.set(name, appendPoints(series.get(name), points, seq));
  }
  const { job } = slices;
  // Rows replayed from before the job's own state must not revert it.
  const isNewer = job !== null && seq > job.last_seq;
  return { ...slices, series, job: isNewer ? mergeMetrics(job, data, seq) : job };
}

function applyLogs({ logs }: TrainingSlices, data: FrameData<"logs">): LogTail {
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

type FrameOf<Event extends TrainingFrame["event"]> = {
  [Each in Event]: Extract<TrainingFrame, { event: Each }>;
}[Event];

type Apply<Event extends TrainingFrame["event"]> = (
  slices: TrainingSlices,
  frame: FrameOf<Event>,
) => TrainingSlices;

const unchanged = (slices: TrainingSlices) => slices;

/** How each frame changes the slices: rows of every stream, and what is not a row. */
const applyByEvent: { [Event in TrainingFrame["event"]]: Apply<Event> } = {
  status: (slices, { data }) => applyStatus(slices, data),
  event: (slices, { data }) => withActivity(slices, { kind: "event", ...data }),
  metrics: (slices, { data, id }) => applyMetrics(slices, data, seqOf(id)),
  timeline: (slices, { data }) => withActivity(slices, { kind: "timeline", ...data }),
  logs: (slices, { data }) => ({ ...slices, logs: applyLogs(slices, data) }),
  prediction: (slices, { data }) => ({
    ...slices,
    predictions: recordPrediction(slices.predictions, data.prediction.epoch),
  }),
  prediction_summary: (slices, { data }) => ({
    ...slices,
    predictions: recordPrediction(slices.predictions, data.epoch),
  }),
  command: (slices, { data, id }) => ({
    ...withActivity(slices, { kind: "command", seq: seqOf(id), ...data }),
    commands: mergeCommand(slices.commands, data).slice(0, commandCap),
  }),
  snapshot: (slices, { data: { job, commands } }) => ({
    ...slices,
    job: mergeJob(slices.job, job),
    commands: commands.reduce<readonly Command[]>(mergeCommand, slices.commands),
  }),
  progress: (slices, { data }) =>
    slices.job ? { ...slices, job: mergeProgress(slices.job, data) } : slices,
  job: (slices, { data }) => ({ ...slices, job: mergeJob(slices.job, data.job) }),
  // The job is shown until the snapshot arrives, but is older than whatever that says.
  reset: ({ job }) => emptySlices(job && { ...job, last_seq: -1 }),
  connected: unchanged,
  heartbeat: unchanged,
  error: unchanged,
  end: unchanged,
};

/** The slices after one frame; each slice that the frame does not touch stays the same object. */
export function applyFrame<Event extends TrainingFrame["event"]>(
  slices: TrainingSlices,
  frame: FrameOf<Event>,
): TrainingSlices {
  return applyByEvent[frame.event](slices, frame);
}
