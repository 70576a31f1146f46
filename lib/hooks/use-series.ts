import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useState } from "react";
import { getSeries } from "@/lib/api/metrics";
import { queryKeys } from "@/lib/api/query-keys";
import { createSeriesBatch, type LoadedSeries, type SeriesRequest } from "@/lib/api/series-batch";
import { createSeriesMerger, type StepRange } from "@/lib/charts/merge-tail";
import { type PreparedSeries, prepareSeries } from "@/lib/charts/prepare-series";
import { axisSource, type XAxis, type XScale, xScale } from "@/lib/charts/x-axis";
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
  return useMemo(
    () => ({ jobId, generation, stream, attachedSeq, startedAt, load }),
    [jobId, generation, stream, attachedSeq, startedAt, load],
  );
}

interface UseSeriesOptions {
  name: string;
  /** The zoomed range; null shows all steps. */
  zoom: StepRange | null;
  axis: XAxis;
  /** About how many columns the panel can show. */
  columns: number;
  /** Off the screen nothing is fetched, merged or drawn. */
  enabled: boolean;
}

export interface LiveSeries {
  scale: XScale;
  prepared: PreparedSeries;
  loading: boolean;
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
  const { jobId, generation, stream, attachedSeq, startedAt, load } = source;
  const tail = useStreamSlice(stream, (snapshot) =>
    enabled ? (snapshot.series.get(name) ?? null) : null,
  );
  const x = axisSource(axis);
  const request: SeriesRequest = { name, buckets: columns, from: zoom?.from, to: zoom?.to, x };
  const { data, error, isPending, isFetching, refetch } = useQuery({
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
  const dropped = tail?.droppedBefore ?? null;
  const overflown =
    data !== undefined && dropped !== null && (tail?.seqs?.[0] ?? 0) > data.lastSeq + 1;
  useEffect(() => {
    if (enabled && !isFetching && !error && (gap || overflown)) void refetch();
  }, [enabled, isFetching, error, gap, overflown, refetch]);

  const from = zoom?.from;
  const to = zoom?.to;
  const [merge] = useState(createSeriesMerger);
  const history = useMemo(
    () => (data?.series ? { buckets: data.series.buckets, lastSeq: data.lastSeq } : null),
    [data],
  );
  const { prepared, scale } = useMemo(() => {
    const range = from === undefined || to === undefined ? null : { from, to };
    const merged = merge(history, tail, { maxColumns: columns * 2, range, x });
    const placed = xScale(axis, merged.columns, startedAt);
    return { prepared: prepareSeries(merged, placed), scale: placed };
  }, [merge, history, tail, from, to, columns, axis, x, startedAt]);

  return { prepared, scale, loading: enabled && isPending, error, retry: () => void refetch() };
}
