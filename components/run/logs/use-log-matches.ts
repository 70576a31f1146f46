import type { LogLine } from "@signalbox/protocol/stream/stream-row";
import { useCallback, useMemo } from "react";
import { useLogSearch } from "@/lib/hooks/runs/use-logs";
import { logPageSize, matchesLog } from "./log-window";

/** The lines that contain a text: those the server found, then the live ones. */
export function useLogMatches(
  jobId: string,
  generation: string,
  q: string,
  tail: readonly LogLine[],
) {
  const search = useLogSearch(jobId, generation, q, logPageSize);
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = search;
  const found = useMemo(() => data?.pages.flatMap((page) => page.logs) ?? [], [data]);
  const live = useMemo(() => {
    if (q === "" || hasNextPage || !data) return [];
    const after = found.at(-1)?.line ?? 0;
    return tail.filter((line) => line.line > after && matchesLog(line, q));
  }, [q, hasNextPage, data, found, tail]);
  const lines = useMemo(() => [...found, ...live], [found, live]);
  const total = (data?.pages.at(-1)?.total_lines ?? 0) + live.length;
  const loaded = found.length;

  return {
    count: lines.length,
    numberAt: (index: number) => lines[index]?.line ?? 0,
    lineAt: (index: number) => lines[index],
    total,
    searching: search.isFetching,
    error: search.error,
    retry: () => void search.refetch(),
    onRange: useCallback(
      (_: number, last: number) => {
        if (hasNextPage && !isFetchingNextPage && last > loaded - 100) void fetchNextPage();
      },
      [hasNextPage, isFetchingNextPage, fetchNextPage, loaded],
    ),
  };
}
