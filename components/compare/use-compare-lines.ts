import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useId, useLayoutEffect, useMemo } from "react";
import { compareKeys, getRunsSeries } from "@/lib/api/compare";
import type { ChartZoom } from "@/lib/charts/chart-settings";
import type { Extents } from "@/lib/charts/extents";
import { groupLines, type LineGroup } from "@/lib/charts/group-lines";
import { firstAfter, type SeriesHistory } from "@/lib/charts/merge-tail";
import type { Pace } from "@/lib/charts/pace";
import { createPanelCell, type PanelLine } from "@/lib/charts/panel-cell";
import { axisSource, type XAxis } from "@/lib/charts/x-axis";
import type { TailStore } from "@/lib/compare/tail-store";

/** A run as the panels need it; the same object while it merely moves on. */
export interface RunLine {
  id: string;
  /** Milliseconds since 1970. */
  startedAt: number;
}

/** What the panels of the compare page have in common. */
export interface CompareSource {
  runs: readonly RunLine[];
  groups: readonly LineGroup[] | null;
  tail: TailStore;
  extents: Extents;
  pace: Pace;
}

export const CompareSourceContext = createContext<CompareSource | null>(null);

interface UseCompareLinesOptions {
  name: string;
  zoom: ChartZoom | null;
  axis: XAxis;
  wide: boolean;
  /** Off the screen nothing is fetched, merged or drawn. */
  enabled: boolean;
}

/** Fewer points a line where there are many lines: the answer stays as large as the picture. */
function bucketsFor(runs: number, wide: boolean): number {
  const columns = runs <= 10 ? 400 : runs <= 25 ? 240 : 120;
  return wide ? columns * 2 : columns;
}

const tailLimit = 4_000;

/** One series of several runs, ready to draw: history by one request, behind it the live tail. */
export function useCompareLines(options: UseCompareLinesOptions) {
  const { name, zoom, axis, wide, enabled } = options;
  const source = useContext(CompareSourceContext);
  if (!source) throw new Error("Runs are overlaid inside a CompareSourceContext only.");
  const { runs, groups, tail, extents, pace } = source;
  const page = useId();
  const buckets = bucketsFor(runs.length, wide);
  const request = {
    runs: runs.map(({ id }) => id),
    names: [name],
    buckets,
    from: zoom?.from,
    to: zoom?.to,
    x: axisSource(axis),
  };
  const query = useQuery({
    // Of this page only: what another visit read may end before this page's tail begins.
    queryKey: compareKeys.series({ ...request, page }),
    queryFn: ({ signal }) => getRunsSeries(request, signal),
    enabled: enabled && runs.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    placeholderData: keepPreviousData,
    // A reply is never the one before: to look for equal parts costs more than it saves.
    structuralSharing: false,
  });
  const { data, isFetching, refetch } = query;
  const histories = useMemo(() => {
    const byRun = new Map<string, SeriesHistory>();
    for (const run of data?.runs ?? []) {
      const series = run.series.find((each) => each.name === name);
      byRun.set(run.job_id, { buckets: series?.buckets ?? [], lastSeq: run.last_seq });
    }
    return byRun;
  }, [data, name]);

  const cell = useMemo(() => createPanelCell(extents, pace), [extents, pace]);
  // Until a view has been read, the one before stays.
  const settling = query.isPlaceholderData;
  useLayoutEffect(() => {
    if (!enabled || settling) return;
    const lines = runs.map(({ id, startedAt }) => {
      return { id, run: id, startedAt, history: histories.get(id) ?? null };
    });
    const combine = groups
      ? (own: readonly PanelLine[], columns: number) =>
          groupLines(own, groups, columns, axis === "step")
      : null;
    cell.set({ lines, zoom, axis, maxColumns: buckets * 1.5, combine });
  }, [cell, enabled, settling, runs, histories, groups, zoom, axis, buckets]);
  // The panel's cell, and through it the runs' tail; off the screen it rests.
  useLayoutEffect(() => {
    if (!enabled) return;
    // Of a run whose history is not there yet, the tail alone would be taken for all of it.
    const follow = () => cell.follow((id) => (histories.has(id) ? tail.tail(id, name) : null));
    follow();
    const leave = [tail.subscribe(follow), extents.subscribe(cell.refresh)];
    return () => {
      for (const each of leave) each();
    };
  }, [cell, enabled, histories, tail, extents, name]);

  // The runs' tail: a long one is worth reading anew, in buckets.
  useEffect(() => {
    if (!enabled) return;
    return tail.subscribe(() => {
      const long = [...histories].some(([id, { lastSeq }]) => {
        const live = tail.tail(id, name);
        return live ? live.seqs.length - firstAfter(live.seqs, lastSeq) > tailLimit : false;
      });
      if (long && !isFetching) void refetch();
    });
  }, [enabled, tail, histories, name, isFetching, refetch]);

  return { cell, loading: query.isPending, error: query.error, retry: () => void refetch() };
}
