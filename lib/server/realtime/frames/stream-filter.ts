import { seriesNameKey } from "@signalbox/protocol/data/series-name";
import type { StreamQuery } from "@signalbox/protocol/stream/stream";
import type { StreamName } from "@signalbox/protocol/stream/stream-name";
import type { StoredTuple, StreamRow } from "@signalbox/protocol/stream/stream-row";

/** The job stream's filters (contract §5), each for its own kind of row. */
export interface StreamFilter {
  /** Equal for equal filters: viewers with the same key share what is serialised. */
  key: string;
  full: boolean;
  /** Predictions are summarised by epoch. */
  summary: boolean;
  /** It needs predictions themselves, not only their counts. */
  needsPredictions: boolean;
  /** No row is left out. */
  plain: boolean;
  streams: ReadonlySet<StreamName> | null;
  epoch: number | null;
  eventTypes: ReadonlySet<string> | null;
  eventLevels: ReadonlySet<string> | null;
  /** The keys of the series' names: `train.loss` means `train/loss`, too. */
  seriesKeys: ReadonlySet<string> | null;
  metricPhases: ReadonlySet<string> | null;
  timelinePhases: ReadonlySet<string> | null;
}

const asSet = <T>(items: T[] | undefined): ReadonlySet<T> | null => (items ? new Set(items) : null);

/** The filters of a parsed query. */
export function streamFilter(query: StreamQuery): StreamFilter {
  const full = query.full === "1" || query.full === "true";
  const summary = query.predictions === "summary";
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
    key: JSON.stringify([full, summary, epoch, ...lists]),
    full,
    summary,
    needsPredictions: !summary && (!query.streams || query.streams.includes("prediction")),
    plain: epoch === null && lists.every((items) => items === null),
    streams: asSet(query.streams),
    epoch,
    eventTypes: asSet(query.event_types),
    eventLevels: asSet(query.event_levels),
    seriesKeys: asSet(query.metric_names?.map(seriesNameKey)),
    metricPhases: asSet(query.metric_phases),
    timelinePhases: asSet(query.timeline_phases),
  };
}

export function allows(set: ReadonlySet<string> | null, value: string | null | undefined): boolean {
  return set === null || (value != null && set.has(value));
}

/** A series' name and its points. */
export type PointSeries = [string, StoredTuple[]];

/** The points of a metrics row that pass, by series; empty when none does. */
export function passingSeries(filter: StreamFilter, row: StreamRow<"metrics">): PointSeries[] {
  if (filter.streams && !filter.streams.has("metrics")) return [];
  const named = Object.entries(row.payload).filter(([name]) =>
    allows(filter.seriesKeys, seriesNameKey(name)),
  );
  if (!filter.metricPhases) return named;
  return named
    .map(
      ([name, points]): PointSeries => [
        name,
        points.filter((point) => allows(filter.metricPhases, point[4])),
      ],
    )
    .filter(([, points]) => points.length > 0);
}
