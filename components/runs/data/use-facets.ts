"use client";

import type { Facets } from "@signalbox/protocol/data/compare";
import type { Job } from "@signalbox/protocol/job/job";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { compareKeys, getFacets } from "@/lib/api/compare";
import { getJob } from "@/lib/api/jobs";
import { queryKeys } from "@/lib/api/query-keys";

const none: Facets = { tags: [], config: [], latest: [] };

/** The tags, config keys and series of all runs; empty until loaded. */
export function useFacets(enabled: boolean): Facets {
  const { data } = useQuery({
    queryKey: compareKeys.facets,
    queryFn: ({ signal }) => getFacets(signal),
    enabled,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });
  return data ?? none;
}

/** The run that others are compared with, from the list or fetched. */
export function useBaseline(id: string | null, known: ReadonlyMap<string, Job>): Job | null {
  const listed = id === null ? undefined : known.get(id);
  const { data } = useQuery({
    queryKey: queryKeys.jobs.one(id ?? ""),
    queryFn: ({ signal }) => getJob(id ?? "", signal),
    enabled: id !== null && listed === undefined,
  });
  return id === null ? null : (listed ?? data ?? null);
}
