import { ingestLimits, type MetricsBatch, wideRowFields } from "@signalbox/protocol/data/ingest";
import type { StoredTuple } from "@signalbox/protocol/stream/stream-row";
import { timestampToMs } from "@signalbox/protocol/wire/primitives";
import { isWireNumber, type WireNumber } from "@signalbox/protocol/wire/wire-number";
import { AppError } from "../errors";

export interface SeriesBatch {
  series: Record<string, StoredTuple[]>;
  count: number;
  /** How many values of wide rows are no numbers. */
  skipped: number;
  /** The highest step and epoch; system metrics (`system/…`) do not count as progress. */
  maxStep: number | null;
  maxEpoch: number | null;
}

/**
 * Groups wide rows and single points by series, in the order of arrival.
 * @param now milliseconds since 1970, for points without a timestamp
 * @throws AppError too_large over the number of points, bad_request for a name that is too long
 */
export function seriesOfBatch(
  body: Pick<MetricsBatch, "metrics" | "points">,
  now: number,
): SeriesBatch {
  const batch: SeriesBatch = {
    series: Object.create(null),
    count: 0,
    skipped: 0,
    maxStep: null,
    maxEpoch: null,
  };
  for (const row of body.metrics ?? []) {
    const ts = row.timestamp == null ? now : timestampToMs(row.timestamp);
    for (const [name, value] of Object.entries(row)) {
      if (wideRowFields.has(name)) continue;
      if (!isWireNumber(value)) {
        batch.skipped += 1;
        continue;
      }
      requireName(name);
      add(batch, name, row.step, value, ts, row.epoch ?? null);
    }
  }
  for (const point of body.points ?? []) {
    const ts = point.timestamp == null ? now : timestampToMs(point.timestamp);
    add(batch, point.name, point.step, point.value, ts, point.epoch ?? null, point.phase);
  }
  return batch;
}

function add(
  batch: SeriesBatch,
  name: string,
  step: number,
  value: WireNumber,
  ts: number,
  epoch: number | null,
  phase?: string | null,
): void {
  batch.count += 1;
  if (batch.count > ingestLimits.points) {
    throw new AppError("too_large", "A batch can have at most 10,000 points.");
  }
  const tuple: StoredTuple = [step, value, ts];
  if (epoch !== null || phase) tuple.push(epoch);
  if (phase) tuple.push(phase);
  const series = batch.series[name];
  if (series) series.push(tuple);
  else batch.series[name] = [tuple];
  if (!name.startsWith("system/")) {
    batch.maxStep = Math.max(batch.maxStep ?? 0, step);
    if (epoch !== null) batch.maxEpoch = Math.max(batch.maxEpoch ?? 0, epoch);
  }
}

function requireName(name: string): void {
  if (name.length === 0 || name.length > 256) {
    throw new AppError("bad_request", "A series name must have 1 to 256 characters.");
  }
}
