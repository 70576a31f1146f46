import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import {
  createContext,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useState,
} from "react";
import { compareKeys, getRunsSeries, type RunsSeriesQuery } from "@/lib/api/compare";
import type { Extents } from "@/lib/charts/axes/extents";
import { axisSource, type XAxis } from "@/lib/charts/axes/x-axis";
import { groupLines, type LineGroup } from "@/lib/charts/kinds/line/group-lines";
import type { ChartZoom } from "@/lib/charts/panels/panel-settings";
import { createPanelStore, type PanelLine } from "@/lib/charts/panels/panel-store";
import type { RenderBudget } from "@/lib/charts/panels/render-budget";
import { firstAfter, type SeriesHistory } from "@/lib/charts/series/merge-tail";
import type { RunPart } from "@/lib/compare/run-parts";
import type { TailStore } from "@/lib/compare/tail-store";

/** A run as the panels need it; the same object while it merely moves on. */
export interface RunLine {
  id: string;
  /** Milliseconds since 1970. */
  startedAt: number;
}

/** What the panels of the compare page have in common. */
export interface CompareSource {
  /** Those that are shown. */
  runs: readonly RunLine[];
  /** How they are read: together, and what is shown later by itself. */
  parts: readonly RunPart[];
  groups: readonly LineGroup[] | null;
  tail: TailStore;
  extents: Extents;
  budget: RenderBudget;
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

const tailLimit = 4_000;

type Histories = ReadonlyMap<string, SeriesHistory>;

/** One series of some runs; a run that has no such series (yet) has an empty history. */
async function readHistories(
  query: RunsSeriesQuery,
  name: string,
  signal: AbortSignal,
): Promise<Histories> {
  const { runs } = await getRunsSeries({ ...query, names: [name] }, signal);
  return new Map(
    runs.map((run) => {
      const buckets = run.series.find((each) => each.name === name)?.buckets ?? [];
      return [run.job_id, { buckets, lastSeq: run.last_seq }];
    }),
  );
}

/** What the requests of a panel come to, part by part; the same object while nothing has changed. */
function combined(results: readonly UseQueryResult<Histories>[]) {
  return {
    data: results.map(({ data }) => data),
    errors: results.map(({ error }) => error),
    fetching: results.map(({ isFetching }) => isFetching),
    refetch: results.map(({ refetch }) => refetch),
  };
}

/** One series of several runs, ready to draw: their history, and behind it the live tail. */
export function useCompareLines(options: UseCompareLinesOptions) {
  const { name, zoom, axis, wide, enabled } = options;
  const source = useContext(CompareSourceContext);
  if (!source) throw new Error("Runs are overlaid inside a CompareSourceContext only.");
  const { runs, parts, groups, tail, extents, budget } = source;
  const page = useId();
  const shown = useMemo(() => new Set(runs.map(({ id }) => id)), [runs]);
  const inView = parts.map((part) => part.runs.some((id) => shown.has(id)));
  const x = axisSource(axis);
  const { data, errors, fetching, refetch } = useQueries({
    queries: parts.map((part, index) => {
      const buckets = part.buckets * (wide ? 2 : 1);
      const query = { runs: part.runs, buckets, from: zoom?.from, to: zoom?.to, x };
      return {
        // Of this page only: what another visit read may end before this page's tail begins.
        queryKey: compareKeys.series({ ...query, name, page }),
        queryFn: ({ signal }: { signal: AbortSignal }) => readHistories(query, name, signal),
        enabled: enabled && inView[index] === true,
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 30_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      };
    }),
    combine: combined,
  });
  const histories = useMemo(() => new Map(data.flatMap((read) => [...(read ?? [])])), [data]);
  const columns = Math.min(...parts.map(({ buckets }) => buckets)) * (wide ? 2 : 1);

  const store = useMemo(() => createPanelStore(budget), [budget]);
  const [ready, setReady] = useState(false);
  // Until something of a view has been read, the one before stays.
  const wanted = inView.flatMap((is, index) => (is ? index : []));
  const pending = wanted.length > 0 && wanted.every((index) => !data[index] && !errors[index]);
  useLayoutEffect(() => {
    if (!enabled || pending) return;
    const lines = runs.map(({ id, startedAt }) => {
      return { id, run: id, startedAt, history: histories.get(id) ?? null };
    });
    const combine = groups
      ? (own: readonly PanelLine[], most: number) => groupLines(own, groups, most, axis === "step")
      : null;
    store.set({ lines, extents, zoom, axis, maxColumns: columns * 1.5, combine });
    setReady(true);
  }, [store, extents, enabled, pending, runs, histories, groups, zoom, axis, columns]);
  // The panel's store, and through it the runs' tail; off the screen it rests.
  useLayoutEffect(() => {
    if (!enabled || pending) return;
    // Of a run whose history is not there yet, the tail alone would be taken for all of it.
    const follow = () => store.follow((id) => (histories.has(id) ? tail.tail(id, name) : null));
    follow();
    const leave = [tail.subscribe(follow), extents.subscribe(store.refresh)];
    return () => {
      for (const each of leave) each();
    };
  }, [store, enabled, pending, histories, tail, extents, name]);

  // The runs' tail: a long one is worth reading anew, in buckets.
  useEffect(() => {
    if (!enabled) return;
    const isLong = (id: string, { lastSeq }: SeriesHistory) => {
      const live = shown.has(id) ? tail.tail(id, name) : null;
      return live ? live.seqs.length - firstAfter(live.seqs, lastSeq) > tailLimit : false;
    };
    const shorten = () => {
      for (const [index, read] of data.entries()) {
        if (!read || fetching[index]) continue;
        if ([...read].some(([id, history]) => isLong(id, history))) void refetch[index]?.();
      }
    };
    return tail.subscribe(shorten);
  }, [enabled, tail, shown, data, name, fetching, refetch]);

  const failed = wanted.filter((index) => errors[index]);
  return {
    store,
    loading: enabled && !ready,
    settling: pending,
    failed: failed.length > 0,
    retry: () => {
      for (const index of failed) void refetch[index]?.();
    },
  };
}
