import type { Job } from "@signalbox/protocol/job";
import type { StreamRow } from "../source/feed.ts";
import { thinPoints } from "./downsample-points.ts";
import { predictionPayloads } from "./prediction-frames.ts";
import { type StoredTuple, storedSeries } from "./stream-filter.ts";

/** What a row of any stream but `metrics` and `prediction` tells; `job`: a status row's job. */
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
 * What a metrics frame tells, by series: whole and unthinned tuples `[step, value, ms, epoch, phase]`
 * where `full`, else a thinned `[step, value, ms]`.
 */
export function seriesPayload(
  series: Iterable<[string, StoredTuple[]]>,
  full: boolean,
): Record<string, unknown[][]> {
  // By entries, so that a series called `__proto__` is a series like any other.
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
        : thinPoints(points).map(([step, value, ms]) => [step, value, ms]),
    ]),
  );
}

export interface ToldRow {
  seq: number;
  event: StreamRow["stream"];
  data: unknown;
}

/**
 * What one seq tells, each item exactly as a data frame of an unfiltered `full=1` stream would; a
 * batch of predictions is an item each.
 */
export function toldRows(row: StreamRow): ToldRow[] {
  const told = (data: unknown): ToldRow => ({ seq: row.seq, event: row.stream, data });
  if (row.stream === "metrics") return [told(seriesPayload(storedSeries(row), true))];
  if (row.stream === "prediction") return predictionPayloads(null, row).map(told);
  return [told(rowPayload(row))];
}
