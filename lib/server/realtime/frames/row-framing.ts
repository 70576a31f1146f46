import type { Job } from "@signalbox/protocol/job/job";
import type { StreamName } from "@signalbox/protocol/stream/stream-name";
import type {
  FrameData,
  PredictionSummary,
  StreamRow,
} from "@signalbox/protocol/stream/stream-row";
import { downsamplePoints } from "./downsample-points.ts";
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
    frames: (filter, row) => [seriesData(passingSeries(filter, row), filter.full)],
  },
  timeline: {
    passes: (filter, { payload }) => allows(filter.timelinePhases, payload.phase),
    frames: (_filter, { seq, payload }) => [{ seq, ...payload }],
  },
  logs: { passes: always, frames: (_filter, { payload }) => [payload] },
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

/** A frame before it is written. */
interface RowFrame {
  event: StreamName | "prediction_summary";
  data: unknown;
}

/** The frames of a row that passes, as this filter's viewers get them. */
export function framesFor(filter: StreamFilter, row: StreamRow, job: Job | null): RowFrame[] {
  if (row.stream === "prediction" && filter.summary) {
    return predictionSummaries(filter, row).map((data) => ({ event: "prediction_summary", data }));
  }
  return rowFrames(filter, row, job).map((data) => ({ event: row.stream, data }));
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
export function seriesData(series: Iterable<PointSeries>, full: boolean): FrameData<"metrics"> {
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
