import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import {
  type Histories,
  type HistoryRequest,
  hasGap,
  type LineTail,
} from "@/lib/charts/panels/line-source";
import type { SeriesHistory } from "@/lib/charts/series/merge-tail";

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

interface UseHistories {
  histories: Histories;
  /** Nothing of this view has been read yet. */
  settling: boolean;
  /** At least one request failed. */
  failed: boolean;
  retry: () => void;
}

/** The histories of a panel's lines. One is read again only if the live tail no longer continues it. */
export function useHistories(
  requests: readonly HistoryRequest[],
  tail: LineTail,
  enabled: boolean,
): UseHistories {
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
  // The live tail: once it no longer reaches back to a history, that is read again.
  useEffect(() => {
    if (!enabled) return;
    const closeGaps = () => {
      for (const [index, { lines }] of requests.entries()) {
        const reply = data[index];
        if (!reply || fetching[index] || errors[index]) continue;
        const behind = lines.some((id) => {
          const history = reply.get(id);
          return history !== undefined && hasGap(history, tail.completeFrom(id));
        });
        if (behind) void refetch[index]?.({ cancelRefetch: false });
      }
    };
    closeGaps();
    return tail.subscribe(closeGaps);
  }, [enabled, requests, data, errors, fetching, refetch, tail]);

  const wanted = requests.flatMap(({ lines }, index) => (lines.length > 0 ? index : []));
  const failed = wanted.filter((index) => errors[index]);
  return {
    histories,
    settling: wanted.length > 0 && wanted.every((index) => !data[index] && !errors[index]),
    failed: failed.length > 0,
    retry: () => {
      for (const index of failed) void refetch[index]?.();
    },
  };
}
