import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { type JobsQuery, listJobs } from "@/lib/api/jobs";
import { queryKeys } from "@/lib/api/query-keys";

const pageSize = 100;

/** The runs that match `query`, page by page; the previous ones stay while another query loads. */
export function useJobs(query: JobsQuery) {
  return useInfiniteQuery({
    queryKey: queryKeys.jobs.pages(query),
    queryFn: ({ pageParam, signal }) =>
      listJobs({ ...query, limit: pageSize, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((sum, page) => sum + page.jobs.length, 0);
      return last.jobs.length > 0 && loaded < last.total ? loaded : undefined;
    },
    placeholderData: keepPreviousData,
  });
}
