import { keepPreviousData, useQuery } from "@tanstack/react-query";
import {
  createContext,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useSyncExternalStore,
} from "react";
import { getSeries } from "@/lib/api/metrics";
import { queryKeys } from "@/lib/api/query-keys";
import { createSeriesBatch, type LoadedSeries, type SeriesRequest } from "@/lib/api/series-batch";
import type { ChartZoom } from "@/lib/charts/chart-settings";
import { createExtents, type Extents } from "@/lib/charts/extents";
import { createPace, type Pace } from "@/lib/charts/pace";
import { createSeriesCell, type SeriesCell } from "@/lib/charts/series-cell";
import { axisSource, type XAxis } from "@/lib/charts/x-axis";
import { type TrainingStream, useStreamSlice } from "./use-training-stream";

interface SeriesSource {
  jobId: string;
  /** The job's stream begins anew with another generation. */
  generation: string;
  stream: TrainingStream;
  /** The seq from which on the live tail is complete. */
  attachedSeq: number | null;
  /** When the run started, ms since 1970: where relative time begins. */
  startedAt: number;
  /** The x axes that the panels have in common. */
  extents: Extents;
  /** The turns in which the panels follow the live stream. */
  pace: Pace;
  load: (request: SeriesRequest) => Promise<LoadedSeries>;
}

/** Where the panels of one page have their data from; they share it so that they ask together. */
export const SeriesSourceContext = createContext<SeriesSource | null>(null);

export function useSeriesSource(
  jobId: string,
  generation: string,
  stream: TrainingStream,
  attachedSeq: number | null,
  startedAt: number,
): SeriesSource {
  const load = useMemo(
    () => createSeriesBatch({ load: (query) => getSeries(jobId, query) }),
    [jobId],
  );
  const shared = useMemo(
    () => ({ generation, extents: createExtents(), pace: createPace() }),
    [generation],
  );
  return useMemo(
    () => ({ jobId, stream, attachedSeq, startedAt, load, ...shared }),
    [jobId, stream, attachedSeq, startedAt, load, shared],
  );
}

interface UseSeriesOptions {
  name: string;
  /** The zoomed range; null shows all steps. */
  zoom: ChartZoom | null;
  axis: XAxis;
  /** About how many columns the panel can show. */
  columns: number;
  /** Off the screen nothing is fetched, merged or drawn. */
  enabled: boolean;
}

export interface LiveSeries {
  /** The picture, which follows the live stream by itself. */
  cell: SeriesCell;
  loading: boolean;
  /** What is shown is of the view before, until this one has been read. */
  settling: boolean;
  error: Error | null;
  retry: () => void;
}

/**
 * One series, ready to draw: its history in buckets from the server, and behind that the live tail.
 * The history is fetched again only where the tail no longer continues it.
 */
export function useSeries({ name, zoom, axis, columns, enabled }: UseSeriesOptions): LiveSeries {
  const source = useContext(SeriesSourceContext);
  if (!source) throw new Error("Series are shown inside a SeriesSourceContext only.");
  const { jobId, generation, stream, attachedSeq, startedAt, extents, pace, load } = source;
  const x = axisSource(axis);
  const request: SeriesRequest = { name, buckets: columns, from: zoom?.from, to: zoom?.to, x };
  const { data, error, isPending, isPlaceholderData, isFetching, refetch } = useQuery({
    queryKey: queryKeys.jobs.metrics(jobId, { ...request, generation }),
    queryFn: () => load(request),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 120_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    placeholderData: keepPreviousData,
  });

  // The live tail: where it no longer reaches back to the history, the history must reach further.
  const gap = data !== undefined && attachedSeq !== null && data.lastSeq < attachedSeq;
  const overflown = useStreamSlice(stream, ({ series }) => {
    const tail = enabled && data ? series.get(name) : undefined;
    if (!tail || !data || tail.droppedBefore === null) return false;
    return (tail.seqs[0] ?? 0) > data.lastSeq + 1;
  });
  useEffect(() => {
    if (enabled && !isFetching && !error && (gap || overflown)) void refetch();
  }, [enabled, isFetching, error, gap, overflown, refetch]);

  const cell = useMemo(() => createSeriesCell(extents, pace), [extents, pace]);
  const history = useMemo(
    () => (data?.series ? { buckets: data.series.buckets, lastSeq: data.lastSeq } : null),
    [data],
  );
  // The panel's cell, and through it the live stream; off the screen it rests.
  useLayoutEffect(() => {
    if (!enabled) return;
    const follow = () => cell.follow(stream.getSnapshot().series.get(name) ?? null);
    follow();
    const leave = [stream.subscribe(follow), extents.subscribe(cell.refresh)];
    return () => {
      for (const each of leave) each();
    };
  }, [cell, stream, extents, name, enabled]);
  useLayoutEffect(() => {
    if (enabled) cell.set({ history, zoom, axis, maxColumns: columns * 2, startedAt });
  }, [cell, enabled, history, zoom, axis, columns, startedAt]);

  return {
    cell,
    loading: enabled && isPending,
    settling: isPlaceholderData,
    error,
    retry: () => void refetch(),
  };
}

/** A part of a cell's picture: renders again only when `select` returns another value. */
export function usePicture<T>(
  cell: SeriesCell,
  select: (picture: ReturnType<SeriesCell["get"]>) => T,
): T {
  const get = () => select(cell.get());
  return useSyncExternalStore(cell.subscribe, get, get);
}
