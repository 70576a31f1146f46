import type { Job } from "@signalbox/protocol/job/job";
import type { StreamName } from "@signalbox/protocol/stream/stream-name";
import type {
  FrameData,
  LogLine,
  PredictionSummary,
  StreamRow,
} from "@signalbox/protocol/stream/stream-row";
import { downsamplePoints } from "./downsample-points.ts";
import { fits, maxFrameBytes } from "./fit-frame.ts";
import { allows, type PointSeries, passingSeries, type StreamFilter } from "./stream-filter.ts";

/** How the rows of one stream become frames. */
interface Framing<Name extends StreamName> {
  /** Whether a row passes the filters for its stream. */
  passes(filter: StreamFilter, row: StreamRow<Name>): boolean;
  /** The data of each frame of a row that passes. `job`: the current one, for a status row. */
  frames(filter: StreamFilter, row: StreamRow<Name>, job: Job | null): FrameData<Name>[];
}

const always = () => true;

const framings: { [Name in StreamName]: Framing<Name> } = {
  status: {
    passes: always,
    frames: (_filter, { seq, payload }, job) => [
      job ? { seq, ...payload, job } : { seq, ...payload },
    ],
  },
  event: {
    passes: (filter, { payload }) =>
      allows(filter.eventTypes, payload.type) && allows(filter.eventLevels, payload.level),
    frames: (_filter, { seq, payload }) => [{ seq, ...payload }],
  },
  metrics: {
    passes: (filter, row) => passingSeries(filter, row).length > 0,
    frames: (filter, row) => metricFrames(passingSeries(filter, row), filter.full),
  },
  timeline: {
    passes: (filter, { payload }) => allows(filter.timelinePhases, payload.phase),
    frames: (_filter, { seq, payload }) => [{ seq, ...payload }],
  },
  logs: { passes: always, frames: (_filter, { payload }) => logFrames(payload) },
  prediction: {
    passes: ({ epoch, summary }, { payload }) =>
      epoch === null ||
      (summary
        ? payload.counts.some(([counted]) => counted === epoch)
        : payload.predictions.some((prediction) => prediction.epoch === epoch)),
    frames: predictionData,
  },
  command: { passes: always, frames: (_filter, { payload }) => [payload] },
};

/** Whether anything of a row passes the filters. */
export function rowPasses<Name extends StreamName>(
  filter: StreamFilter,
  row: StreamRow<Name>,
): boolean {
  if (filter.streams && !filter.streams.has(row.stream)) return false;
  return framings[row.stream].passes(filter, row);
}

/** The data of each frame of a row that passes the filters. */
export function rowFrames<Name extends StreamName>(
  filter: StreamFilter,
  row: StreamRow<Name>,
  job: Job | null = null,
): FrameData<Name>[] {
  return framings[row.stream].frames(filter, row, job);
}

/** The frames of a row that passes, as this filter's viewers get them: their event, and the data of each. */
export function framesFor(
  filter: StreamFilter,
  row: StreamRow,
  job: Job | null,
): { event: StreamName | "prediction_summary"; data: readonly unknown[] } {
  if (row.stream === "prediction" && filter.summary) {
    return { event: "prediction_summary", data: predictionSummaries(filter, row) };
  }
  return { event: row.stream, data: rowFrames(filter, row, job) };
}

/** One summary per epoch of a batch. */
function predictionSummaries(
  { epoch }: StreamFilter,
  { seq, payload }: StreamRow<"prediction">,
): PredictionSummary[] {
  return payload.counts
    .filter(([counted]) => epoch === null || counted === epoch)
    .map(([counted, count]) => ({ epoch: counted, count, seq }));
}

/**
 * The data of a metrics frame, by series: every point as `[step, value, ms, epoch, phase]` where
 * `full`, else downsampled points as `[step, value, ms]`.
 */
function seriesData(series: Iterable<PointSeries>, full: boolean): FrameData<"metrics"> {
  // From entries, so that a series called `__proto__` is like any other.
  return Object.fromEntries(
    [...series].map(([name, points]) => [
      name,
      full
        ? points.map(([step, value, ms, epoch, phase]) => [
            step,
            value,
            ms,
            epoch ?? null,
            phase ?? null,
          ])
        : downsamplePoints(points).map(([step, value, ms]) => [step, value, ms]),
    ]),
  );
}

/** The data of metrics frames: one, but for a flood of points or names. */
export function metricFrames(series: Iterable<PointSeries>, full: boolean): FrameData<"metrics">[] {
  return inFrames(Object.entries(seriesData(series, full))).map((part) => Object.fromEntries(part));
}

/** Divides series until each part fits a frame. */
function inFrames<T>(series: [string, T[]][]): [string, T[]][][] {
  const points = series.reduce((sum, [, list]) => sum + list.length, 0);
  const names = series.reduce((sum, [name]) => sum + name.length, 0);
  // A character takes at most six bytes of JSON, a point with a phase at most some 500.
  const small = names * 6 + points * 500 <= maxFrameBytes / 2;
  if (small || points <= 1 || fits(JSON.stringify(Object.fromEntries(series)))) return [series];
  const first: [string, T[]][] = [];
  const second: [string, T[]][] = [];
  let left = Math.floor(points / 2);
  for (const [name, list] of series) {
    if (left > 0) first.push([name, list.slice(0, left)]);
    if (list.length > left) second.push([name, list.slice(left)]);
    left = Math.max(0, left - list.length);
  }
  return [...inFrames(first), ...inFrames(second)];
}

const linesBytes = maxFrameBytes / 2;

/** Lines in frames of about half the largest size; a single line may be larger. */
function logFrames({ lines, total_lines }: FrameData<"logs">): FrameData<"logs">[] {
  const parts: LogLine[][] = [];
  let bytes = linesBytes;
  for (const line of lines) {
    const size = Buffer.byteLength(JSON.stringify(line)) + 1;
    if (bytes + size > linesBytes) {
      parts.push([]);
      bytes = 0;
    }
    bytes += size;
    parts.at(-1)?.push(fitLine(line, size));
  }
  return parts.map((part) => ({ lines: part, total_lines }));
}

function fitLine(line: LogLine, size: number): LogLine {
  if (size <= linesBytes) return line;
  // A character takes at most six bytes of JSON.
  const text = line.text.slice(0, Math.floor(linesBytes / 6) - 100).toWellFormed();
  return { ...line, text, truncated: true };
}

/** One frame per prediction, with the current count of the filter's epoch (or the job). */
function predictionData(
  { epoch }: StreamFilter,
  { payload, created_at }: StreamRow<"prediction">,
): FrameData<"prediction">[] {
  const { predictions, counts, total_count } = payload;
  const passing =
    epoch === null ? predictions : predictions.filter((prediction) => prediction.epoch === epoch);
  const total =
    epoch === null
      ? total_count
      : (counts.find(([counted]) => counted === epoch)?.[1] ?? passing.length);
  return passing.map((prediction) => ({ prediction, total_count: total, timestamp: created_at }));
}
