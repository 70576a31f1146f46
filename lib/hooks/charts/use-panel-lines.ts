import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useLayoutEffect, useMemo, useState } from "react";
import { getSeries } from "@/lib/api/metrics";
import { queryKeys } from "@/lib/api/query-keys";
import { createSeriesBatch, type LoadedSeries, type SeriesRequest } from "@/lib/api/series-batch";
import { createExtents, type Extents } from "@/lib/charts/axes/extents";
import { axisSource, type XAxis } from "@/lib/charts/axes/x-axis";
import type { ChartZoom } from "@/lib/charts/panels/panel-settings";
import { createPanelStore, type PanelStore } from "@/lib/charts/panels/panel-store";
import { createRenderBudget, type RenderBudget } from "@/lib/charts/panels/render-budget";
import type { SeriesHistory } from "@/lib/charts/series/merge-tail";
import type { TrainingFrame } from "@/lib/stream/store/frames";
import { type TrainingStream, useStreamSlice } from "../use-training-stream";

interface SeriesSource {
  jobId: string;
  /** The job's stream begins anew with another generation. */
  generation: string;
  stream: TrainingStream;
  /** The seq from which on the live tail is complete. */
  liveFromSeq: number | null;
  /** When the run started, ms since 1970: where relative time begins. */
  startedAt: number;
  /** The x axes that the panels have in common. */
  extents: Extents;
  /** The turns in which the panels follow the live stream. */
  budget: RenderBudget;
  load: (request: SeriesRequest) => Promise<LoadedSeries>;
}

/** Where the panels of one page have their data from; they share it so that they ask together. */
export const SeriesSourceContext = createContext<SeriesSource | null>(null);

/** What a frame tells of where the run stands, step and epoch of one moment. */
function standing(frame: TrainingFrame) {
  if (frame.event === "progress") return frame.data;
  return frame.event === "snapshot" || frame.event === "job" ? frame.data.job : null;
}

export function useSeriesSource(
  jobId: string,
  generation: string,
  stream: TrainingStream,
  liveFromSeq: number | null,
  startedAt: number,
): SeriesSource {
  const load = useMemo(
    () => createSeriesBatch({ load: (query) => getSeries(jobId, query) }),
    [jobId],
  );
  const shared = useMemo(
    () => ({ generation, extents: createExtents(), budget: createRenderBudget() }),
    [generation],
  );
  // The live stream: metrics come without epochs, the run's progress says where it stands.
  useEffect(() => {
    const note = (frame: TrainingFrame) => {
      const at = standing(frame);
      if (at?.current_step == null || at.current_epoch === null) return;
      shared.extents.noteEpoch(jobId, at.current_step, at.current_epoch);
    };
    return stream.onFrame(note);
  }, [stream, shared, jobId]);
  return useMemo(
    () => ({ jobId, stream, liveFromSeq, startedAt, load, ...shared }),
    [jobId, stream, liveFromSeq, startedAt, load, shared],
  );
}

interface UsePanelLinesOptions {
  /** The series of the panel. */
  names: readonly string[];
  /** The zoomed range; null shows all steps. */
  zoom: ChartZoom | null;
  axis: XAxis;
  /** About how many columns the panel can show. */
  columns: number;
  /** Off the screen nothing is fetched, merged or drawn. */
  enabled: boolean;
}

export interface LiveLines {
  /** The picture, which follows the live stream by itself. */
  store: PanelStore;
  loading: boolean;
  /** What is shown is of the view before, until this one has been read. */
  settling: boolean;
  error: Error | null;
  retry: () => void;
}

/** What the requests of a panel come to; the same object while nothing has changed. */
function combined(results: readonly UseQueryResult<LoadedSeries>[]) {
  return {
    data: results.map(({ data }) => data),
    error: results.find(({ error }) => error)?.error ?? null,
    pending: results.some(({ isPending }) => isPending),
    fetching: results.some(({ isFetching }) => isFetching),
    refetch: results.map(({ refetch }) => refetch),
  };
}

const histories = new WeakMap<LoadedSeries, SeriesHistory | null>();

/** The same history for the same reply, so that what was merged of it is kept. */
function historyOf(loaded: LoadedSeries | undefined): SeriesHistory | null {
  if (!loaded) return null;
  const known = histories.get(loaded);
  if (known !== undefined) return known;
  const { series, lastSeq } = loaded;
  const history = series ? { buckets: series.buckets, lastSeq } : null;
  histories.set(loaded, history);
  return history;
}

function followStream(store: PanelStore, stream: TrainingStream): void {
  const { series } = stream.getSnapshot();
  store.follow((name) => series.get(name) ?? null);
}

/**
 * A panel's series, ready to draw: their history in buckets from the server, and behind that the
 * live tail. The history is fetched again only where the tail no longer continues it.
 */
export function usePanelLines(options: UsePanelLinesOptions): LiveLines {
  const { names, zoom, axis, columns, enabled } = options;
  const source = useContext(SeriesSourceContext);
  if (!source) throw new Error("Series are shown inside a SeriesSourceContext only.");
  const { jobId, generation, stream, liveFromSeq, startedAt, extents, budget, load } = source;
  const x = axisSource(axis);
  const { data, error, pending, fetching, refetch } = useQueries({
    queries: names.map((name) => {
      const request: SeriesRequest = { name, buckets: columns, from: zoom?.from, to: zoom?.to, x };
      return {
        queryKey: queryKeys.jobs.metrics(jobId, { ...request, generation }),
        queryFn: () => load(request),
        enabled,
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 120_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      };
    }),
    combine: combined,
  });

  // The live tail: where it no longer reaches back to the history, the history must reach further.
  const gap = data.some(
    (loaded) => loaded !== undefined && liveFromSeq !== null && loaded.lastSeq < liveFromSeq,
  );
  const overflown = useStreamSlice(stream, ({ series }) =>
    names.some((name, index) => {
      const loaded = data[index];
      const tail = enabled && loaded ? series.get(name) : undefined;
      if (!tail || !loaded || tail.droppedBefore === null) return false;
      return (tail.seqs[0] ?? 0) > loaded.lastSeq + 1;
    }),
  );
  useEffect(() => {
    if (!enabled || fetching || error || !(gap || overflown)) return;
    for (const again of refetch) void again();
  }, [enabled, fetching, error, gap, overflown, refetch]);

  const store = useMemo(() => createPanelStore(budget), [budget]);
  const [shown, setShown] = useState<PanelStore | null>(null);
  // Until a view has been read, the one before stays.
  useLayoutEffect(() => {
    if (!enabled || pending) return;
    setShown(store);
    const lines = names.map((name, index) => ({
      id: name,
      run: jobId,
      history: historyOf(data[index]),
      startedAt,
    }));
    // A third more than was read, so that a live line has room to grow before it is coarsened.
    store.set({ lines, extents, zoom, axis, maxColumns: (columns * 4) / 3 });
    followStream(store, stream);
  }, [
    store,
    stream,
    extents,
    enabled,
    pending,
    names,
    data,
    jobId,
    zoom,
    axis,
    columns,
    startedAt,
  ]);
  // The panel's store, and through it the live stream; off the screen it rests.
  useLayoutEffect(() => {
    if (!enabled) return;
    const follow = () => followStream(store, stream);
    const leave = [stream.subscribe(follow), extents.subscribe(store.refresh)];
    return () => {
      for (const each of leave) each();
    };
  }, [store, stream, extents, enabled]);

  return {
    store,
    loading: enabled && shown !== store,
    settling: pending,
    error,
    retry: () => {
      for (const again of refetch) void again();
    },
  };
}
