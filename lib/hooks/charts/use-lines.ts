import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useMemo, useState } from "react";
import { groupLines } from "@/lib/charts/kinds/line/group-lines";
import type { PanelLine } from "@/lib/charts/kinds/line/line-picture";
import {
  type Histories,
  type HistoryRequest,
  hasGap,
  type LineSource,
  type LineView,
} from "@/lib/charts/panels/line-source";
import { createPanelStore, type PanelStore } from "@/lib/charts/panels/panel-store";
import type { SeriesHistory } from "@/lib/charts/series/merge-tail";

export interface LiveLines {
  /** The picture, which follows the live tail by itself. */
  store: PanelStore;
  loading: boolean;
  /** The picture still shows the previous view, until this one has been read. */
  settling: boolean;
  /** At least one request failed. */
  failed: boolean;
  retry: () => void;
}

/** The state of a panel's requests; the same object while nothing has changed. */
function combined(results: readonly UseQueryResult<Histories>[]) {
  return {
    data: results.map(({ data }) => data),
    errors: results.map(({ error }) => error),
    fetching: results.map(({ isFetching }) => isFetching),
    refetch: results.map(({ refetch }) => refetch),
  };
}

function historiesOf(
  requests: readonly HistoryRequest[],
  replies: readonly (Histories | undefined)[],
): Histories {
  const found = new Map<string, SeriesHistory>();
  for (const [index, { lines }] of requests.entries()) {
    for (const id of lines) {
      const history = replies[index]?.get(id);
      if (history) found.set(id, history);
    }
  }
  return found;
}

/**
 * The lines of one panel, ready to draw: their history in buckets, and behind it the live tail. A
 * history is read again only if the tail no longer continues it. If not `enabled` (off the screen),
 * nothing is fetched, merged or drawn.
 */
export function useLines(source: LineSource, view: LineView, enabled: boolean): LiveLines {
  const { lines, tail, groups, extents, budget } = source;
  const { zoom, axis, large } = view;
  const requests = useMemo(() => source.load({ zoom, axis, large }), [source, zoom, axis, large]);
  const { data, errors, fetching, refetch } = useQueries({
    queries: requests.map((request) => ({
      queryKey: request.key,
      queryFn: request.read,
      enabled: enabled && request.lines.length > 0,
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 120_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    })),
    combine: combined,
  });
  const histories = useMemo(() => historiesOf(requests, data), [requests, data]);
  const wanted = requests.flatMap((request, index) => (request.lines.length > 0 ? index : []));
  const settling = wanted.length > 0 && wanted.every((index) => !data[index] && !errors[index]);
  // A third more columns than were read: a live line has room to grow before it is coarsened.
  const maxColumns = (Math.min(...requests.map(({ buckets }) => buckets)) * 4) / 3;

  const store = useMemo(() => createPanelStore(budget), [budget]);
  const [shown, setShown] = useState<PanelStore | null>(null);
  useLayoutEffect(() => {
    if (!enabled || settling) return;
    setShown(store);
    const inputs = lines.map((line) => ({ ...line, history: histories.get(line.id) ?? null }));
    const combine = groups
      ? (own: readonly PanelLine[], most: number) => groupLines(own, groups, most, axis === "step")
      : null;
    store.set({ lines: inputs, extents, zoom, axis, maxColumns, combine });
  }, [store, extents, enabled, settling, lines, histories, groups, zoom, axis, maxColumns]);

  // Follows the live tail. Without its history, a line's tail would look like all of the line.
  useLayoutEffect(() => {
    if (!enabled || settling) return;
    const follow = () => store.follow((id) => (histories.has(id) ? tail.get(id) : null));
    follow();
    const leave = [tail.subscribe(follow), extents.subscribe(store.refresh)];
    return () => {
      for (const each of leave) each();
    };
  }, [store, enabled, settling, histories, tail, extents]);

  // Reads a history again once the live tail no longer reaches back to it.
  useEffect(() => {
    if (!enabled) return;
    const closeGaps = () => {
      for (const [index, request] of requests.entries()) {
        const reply = data[index];
        if (!reply || fetching[index] || errors[index]) continue;
        const behind = request.lines.some((id) => {
          const history = reply.get(id);
          return history !== undefined && hasGap(history, tail.completeFrom(id));
        });
        if (behind) void refetch[index]?.({ cancelRefetch: false });
      }
    };
    closeGaps();
    return tail.subscribe(closeGaps);
  }, [enabled, requests, data, errors, fetching, refetch, tail]);

  const failed = wanted.filter((index) => errors[index]);
  return {
    store,
    loading: enabled && shown !== store,
    settling,
    failed: failed.length > 0,
    retry: () => {
      for (const index of failed) void refetch[index]?.();
    },
  };
}
