import type { StreamName, StreamQuery } from "@signalbox/protocol/stream";
import type { WireNumber } from "@signalbox/protocol/wire-number";
import type { StreamRow } from "../source/feed.ts";
import { hasPredictions } from "./prediction-frames.ts";

/** A point as the database returns it; default frames carry the first three. */
export type StoredTuple = [number, WireNumber, number, (number | null)?, (string | null)?];

/** The job stream's filters (contract §5), each for its own kind of row. */
export interface StreamFilter {
  /** Equal for equal filters: viewers with the same key share what is serialised. */
  key: string;
  full: boolean;
  /** No filter at all besides `full`. */
  plain: boolean;
  streams: ReadonlySet<StreamName> | null;
  epoch: number | null;
  eventTypes: ReadonlySet<string> | null;
  eventLevels: ReadonlySet<string> | null;
  metricNames: ReadonlySet<string> | null;
  metricPhases: ReadonlySet<string> | null;
  timelinePhases: ReadonlySet<string> | null;
}

const asSet = <T>(items: T[] | undefined): ReadonlySet<T> | null => (items ? new Set(items) : null);

/** The filters of a parsed query. */
export function streamFilter(query: StreamQuery): StreamFilter {
  const full = query.full === "1" || query.full === "true";
  const epoch = query.epoch ?? null;
  const lists = [
    query.streams,
    query.event_types,
    query.event_levels,
    query.metric_names,
    query.metric_phases,
    query.timeline_phases,
  ].map((items) => (items ? [...new Set<string>(items)].sort() : null));
  return {
    key: JSON.stringify([full, epoch, ...lists]),
    full,
    plain: epoch === null && lists.every((items) => items === null),
    streams: asSet(query.streams),
    epoch,
    eventTypes: asSet(query.event_types),
    eventLevels: asSet(query.event_levels),
    metricNames: asSet(query.metric_names),
    metricPhases: asSet(query.metric_phases),
    timelinePhases: asSet(query.timeline_phases),
  };
}

const allows = (set: ReadonlySet<string> | null, value: unknown) =>
  set === null || (typeof value === "string" && set.has(value));

/** The payload of a metrics row; ingest writes nothing else into the stream `metrics`. */
export function storedSeries(row: StreamRow): [string, StoredTuple[]][] {
  return Object.entries(row.payload) as [string, StoredTuple[]][];
}

/** Whether a row of any stream but `metrics` (whose points are chosen one by one) passes. */
export function rowPasses(filter: StreamFilter, row: StreamRow): boolean {
  if (filter.streams && !filter.streams.has(row.stream)) return false;
  switch (row.stream) {
    case "event":
      return (
        allows(filter.eventTypes, row.payload.type) && allows(filter.eventLevels, row.payload.level)
      );
    case "timeline":
      return allows(filter.timelinePhases, row.payload.phase);
    case "prediction":
      return hasPredictions(filter, row);
    default:
      return true;
  }
}

/** The points of a metrics row that pass, by series; empty when none does. */
export function passingSeries(filter: StreamFilter, row: StreamRow): [string, StoredTuple[]][] {
  if (filter.streams && !filter.streams.has("metrics")) return [];
  const named = storedSeries(row).filter(([name]) => allows(filter.metricNames, name));
  if (!filter.metricPhases) return named;
  return named
    .map(([name, points]): [string, StoredTuple[]] => [
      name,
      points.filter((point) => allows(filter.metricPhases, point[4])),
    ])
    .filter(([, points]) => points.length > 0);
}
