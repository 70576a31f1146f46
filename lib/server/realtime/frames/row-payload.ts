import type { Job } from "@signalbox/protocol/job";
import type { JournalRow } from "@signalbox/protocol/stream";
import type { StreamRow } from "../source/feed.ts";
import { downsamplePoints } from "./downsample-points.ts";
import { predictionPayloads } from "./prediction-frames.ts";
import { type StoredTuple, storedSeries } from "./stream-filter.ts";

/** The frame data of a row of any stream but `metrics` and `prediction`; `job`: a status row's job. */
export function rowPayload(row: StreamRow, job: Job | null = null): Record<string, unknown> {
  switch (row.stream) {
    case "status":
      return job ? { seq: row.seq, ...row.payload, job } : { seq: row.seq, ...row.payload };
    case "event":
    case "timeline":
      return { seq: row.seq, ...row.payload };
    default:
      return row.payload;
  }
}

/**
 * The data of a metrics frame, by series: every point as `[step, value, ms, epoch, phase]` where
 * `full`, else downsampled points as `[step, value, ms]`.
 */
export function seriesPayload(
  series: Iterable<[string, StoredTuple[]]>,
  full: boolean,
): Record<string, unknown[][]> {
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

/**
 * The journal rows of one seq, each with the data of an unfiltered `full=1` frame. A batch of
 * predictions gives one row per prediction.
 */
export function toJournalRows(row: StreamRow): JournalRow[] {
  const journalRow = (data: unknown): JournalRow => ({ seq: row.seq, event: row.stream, data });
  if (row.stream === "metrics") return [journalRow(seriesPayload(storedSeries(row), true))];
  if (row.stream === "prediction") return predictionPayloads(null, row).map(journalRow);
  return [journalRow(rowPayload(row))];
}
