import type { JobList } from "@signalbox/protocol/job/job";
import { keepPreviousData, queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type JobsQuery, listJobs } from "@/lib/api/jobs";
import { queryKeys } from "@/lib/api/query-keys";

const jobsPageSize = 100;

export interface IndexRange {
  from: number;
  to: number;
}

interface Wanted {
  key: string;
  pages: readonly number[];
}

/** The query of the first page, for prefetching. */
export function firstJobsPage(query: JobsQuery) {
  return queryOptions({
    queryKey: [...queryKeys.jobs.pages(query), 0],
    queryFn: ({ signal }) => listJobs({ ...query, limit: jobsPageSize, offset: 0 }, signal),
  });
}

/**
 * The runs that match `query`, loading only the pages in view. The first page stays while another
 * query loads.
 */
export function useJobsPages(query: JobsQuery, visible: IndexRange) {
  const first = useQuery({ ...firstJobsPage(query), placeholderData: keepPreviousData });
  const key = JSON.stringify(query);
  const [wanted, setWanted] = useState<Wanted>({ key, pages: [] });
  const near = pagesOf(visible, first.data?.total ?? 0);
  const kept = wanted.key === key ? wanted.pages : [];
  const added = first.isPlaceholderData ? [] : near.filter((page) => !kept.includes(page));
  if (wanted.key !== key || added.length > 0) setWanted({ key, pages: [...kept, ...added] });

  const rest = useQueries({
    queries: kept.map((page) => ({
      queryKey: [...queryKeys.jobs.pages(query), page],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        // Groups come with the first page only.
        listJobs({ ...query, means: [], limit: jobsPageSize, offset: page * jobsPageSize }, signal),
      // A page out of view is kept but not refetched.
      enabled: near.includes(page),
    })),
    combine: (results) => results.map((result) => result.data),
  });

  const pages = new Map<number, JobList>();
  if (first.data) pages.set(0, first.data);
  kept.forEach((page, place) => {
    const data = rest[place];
    if (data && !first.isPlaceholderData) pages.set(page, data);
  });
  return { first, pages };
}

/** The pages of the rows in view, without the first. */
function pagesOf({ from, to }: IndexRange, total: number): number[] {
  const last = Math.floor(Math.max(0, Math.min(to + 20, total - 1)) / jobsPageSize);
  const pages: number[] = [];
  for (let page = Math.floor(Math.max(0, from - 20) / jobsPageSize); page <= last; page += 1) {
    if (page > 0) pages.push(page);
  }
  return pages;
}
