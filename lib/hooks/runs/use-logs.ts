import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { getLogs } from "@/lib/api/logs";
import { queryKeys } from "@/lib/api/query-keys";

interface LogPagesOptions {
  jobId: string;
  generation: string;
  pages: readonly number[];
  pageSize: number;
}

/** The pages of the log in view. A full page never changes. */
export function useLogPages({ jobId, generation, pages, pageSize }: LogPagesOptions) {
  return useQueries({
    queries: pages.map((page) => ({
      queryKey: queryKeys.jobs.logs(jobId, { generation, page }),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        getLogs(jobId, { limit: pageSize, offset: page * pageSize }, signal),
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
    })),
  });
}

/** The number of lines, fetched again when the stream attaches; from then on the stream counts. */
export function useLogTotal(jobId: string, generation: string, liveFromSeq: number | null) {
  return useQuery({
    queryKey: queryKeys.jobs.logs(jobId, { generation, liveFromSeq }),
    queryFn: ({ signal }) => getLogs(jobId, { limit: 1, tail: 1 }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  });
}

/** The lines that contain a text, in pages; `total_lines` counts all of them. */
export function useLogSearch(jobId: string, generation: string, q: string, pageSize: number) {
  return useInfiniteQuery({
    queryKey: queryKeys.jobs.logs(jobId, { generation, q }),
    queryFn: ({ pageParam, signal }) =>
      getLogs(jobId, { limit: pageSize, offset: pageParam, q }, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((sum, page) => sum + page.logs.length, 0);
      return last.logs.length > 0 && loaded < last.total_lines ? loaded : undefined;
    },
    enabled: q !== "",
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  });
}
