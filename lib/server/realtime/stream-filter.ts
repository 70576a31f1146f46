import { z } from "zod";
import { eventLevels } from "../../contracts/ingest.ts";
import type { WireNumber } from "../../contracts/primitives.ts";
import { type StreamName, streamNames } from "../../contracts/stream.ts";
import type { StreamRow } from "./feed.ts";
import { hasPredictions } from "./prediction-frames.ts";

/** A point as the database hands it over; frames carry the first three. */
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

const list = <T extends z.ZodType>(item: T) => z.array(item).max(500).nullable();

const querySchema = z.object({
  streams: list(z.enum(streamNames)),
  epoch: z.coerce.number().min(0).nullable(),
  event_types: list(z.string().max(128)),
  event_levels: list(z.enum(eventLevels)),
  metric_names: list(z.string().max(256)),
  metric_phases: list(z.string().max(64)),
  timeline_phases: list(z.string().max(64)),
  full: z.enum(["1", "true", "0", "false", ""]).nullable(),
});

/** Comma-separated, or repeated for values that hold a comma themselves; null when absent. */
function values(params: URLSearchParams, name: string): string[] | null {
  const all = params.getAll(name);
  const parts = all.length === 1 ? (all[0] ?? "").split(",") : all;
  const filled = parts.filter((part) => part !== "");
  return filled.length > 0 ? filled : null;
}

const asSet = <T>(items: T[] | null): ReadonlySet<T> | null => (items ? new Set(items) : null);

/** Reads the filters from a query string; throws a `ZodError` that names what is unknown. */
export function parseStreamFilter(params: URLSearchParams): StreamFilter {
  const epoch = params.get("epoch");
  const query = querySchema.parse({
    streams: values(params, "streams"),
    epoch: epoch === "" ? null : epoch,
    event_types: values(params, "event_types"),
    event_levels: values(params, "event_levels"),
    metric_names: values(params, "metric_names"),
    metric_phases: values(params, "metric_phases"),
    timeline_phases: values(params, "timeline_phases"),
    full: params.get("full"),
  });
  const full = query.full === "1" || query.full === "true";
  const lists = [
    query.streams,
    query.event_types,
    query.event_levels,
    query.metric_names,
    query.metric_phases,
    query.timeline_phases,
  ].map((items) => (items ? [...new Set<string>(items)].sort() : null));
  return {
    key: JSON.stringify([full, query.epoch, ...lists]),
    full,
    plain: query.epoch === null && lists.every((items) => items === null),
    streams: asSet(query.streams),
    epoch: query.epoch,
    eventTypes: asSet(query.event_types),
    eventLevels: asSet(query.event_levels),
    metricNames: asSet(query.metric_names),
    metricPhases: asSet(query.metric_phases),
    timelinePhases: asSet(query.timeline_phases),
  };
}

const allows = (set: ReadonlySet<string> | null, value: unknown) =>
  set === null || (typeof value === "string" && set.has(value));

/** The metrics rows' payload; `ingest` writes nothing else into the stream `metrics`. */
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
