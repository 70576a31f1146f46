import { useInfiniteQuery } from "@tanstack/react-query";
import { queryKeys } from "@/lib/api/query-keys";
import { getTimeline } from "@/lib/api/timeline";

const pageSize = 200;

/**
 * The history of a run, newest page first. It is read again when `liveFromSeq` changes, so that
 * nothing is missing between history and live stream.
 */
export function useTimeline(jobId: string, generation: string, liveFromSeq: number | null) {
  return useInfiniteQuery({
    queryKey: [...queryKeys.jobs.timeline(jobId), generation, liveFromSeq],
    queryFn: ({ pageParam, signal }) =>
      getTimeline(jobId, { limit: pageSize, beforeSeq: pageParam }, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((sum, page) => sum + page.events.length, 0);
      // A page of large rows has fewer than were asked for.
      return loaded < last.total ? last.events[0]?.seq : undefined;
    },
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}
