import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useMemo, useSyncExternalStore } from "react";
import { compareKeys, getRunsSeries } from "@/lib/api/compare";
import {
  groupOverlay,
  type Overlay,
  type OverlaySource,
  prepareOverlay,
  smoothCells,
} from "@/lib/compare/overlay";
import type { TailStore } from "@/lib/compare/tail-store";

interface UseOverlayOptions {
  name: string;
  ids: readonly string[];
  groups: readonly { key: string; ids: readonly string[] }[] | null;
  tail: TailStore;
  zoom: { from: number; to: number } | null;
  smoothing: number;
  /** Off the screen nothing is fetched, merged or drawn. */
  enabled: boolean;
}

/** Fewer points a line where there are many lines: the answer stays as large as the picture. */
function bucketsFor(runs: number): number {
  if (runs <= 10) return 400;
  return runs <= 25 ? 240 : 120;
}

const tailLimit = 4_000;

/** One series of several runs, ready to draw: history by one request, behind it the live tail. */
export function useOverlay(options: UseOverlayOptions) {
  const { name, ids, groups, tail, zoom, smoothing, enabled } = options;
  const page = useId();
  const buckets = bucketsFor(ids.length);
  const request = { runs: ids, names: [name], buckets, from: zoom?.from, to: zoom?.to };
  const query = useQuery({
    // Of this page only: what another visit read may end before this page's tail begins.
    queryKey: compareKeys.series({ ...request, page }),
    queryFn: ({ signal }) => getRunsSeries(request, signal),
    enabled: enabled && ids.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    placeholderData: keepPreviousData,
  });
  const version = useSyncExternalStore(tail.subscribe, tail.getVersion, tail.getVersion);
  const { data, isFetching, refetch } = query;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the tail grows in place; its version tells.
  const sources = useMemo(() => {
    if (!enabled) return [];
    const byId = new Map(data?.runs.map((run) => [run.job_id, run]));
    return ids.map((id): OverlaySource => {
      const run = byId.get(id);
      return {
        id,
        buckets: run?.series.find((series) => series.name === name)?.buckets ?? [],
        lastSeq: run?.last_seq ?? Number.POSITIVE_INFINITY,
        tail: run ? tail.tail(id, name) : null,
      };
    });
  }, [data, ids, name, tail, version, enabled]);

  // The history: a long tail is worth reading anew in buckets.
  const long = sources.some(({ tail: live, lastSeq }) =>
    live ? live.seqs.length - live.seqs.findIndex((seq) => seq > lastSeq) > tailLimit : false,
  );
  useEffect(() => {
    if (long && !isFetching) void refetch();
  }, [long, isFetching, refetch]);

  const overlay = useMemo((): Overlay => {
    const drawn = prepareOverlay(sources, { columns: buckets * 1.5, range: zoom });
    const grouped = groups ? groupOverlay(drawn, groups) : drawn;
    if (smoothing === 0) return grouped;
    return {
      x: grouped.x,
      lines: grouped.lines.map((line) => ({
        ...line,
        line: smoothCells(grouped.x, line.line, smoothing),
      })),
    };
  }, [sources, buckets, zoom, groups, smoothing]);

  return { overlay, loading: query.isPending, error: query.error, retry: () => void refetch() };
}
