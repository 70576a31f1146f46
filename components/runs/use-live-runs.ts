"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { JobsQuery } from "@/lib/api/jobs";
import { queryKeys } from "@/lib/api/query-keys";
import { useJobs } from "@/lib/hooks/use-jobs";
import { useJobsStream } from "@/lib/hooks/use-jobs-stream";
import { mergeRuns } from "./merge-runs";

/** The runs that match `query`: the pages fetched, with the live stream laid over them. */
export function useLiveRuns(query: JobsQuery) {
  const list = useJobs(query);
  const { jobs: live, removed, connection } = useJobsStream();
  const queryClient = useQueryClient();

  const listed = useMemo(() => list.data?.pages.flatMap((page) => page.jobs) ?? [], [list.data]);
  const merged = useMemo(
    () =>
      mergeRuns({
        listed,
        total: list.data?.pages.at(-1)?.total ?? 0,
        complete: list.isSuccess && !list.hasNextPage,
        live: list.isSuccess ? live : new Map(),
        removed,
        query,
      }),
    [listed, list.data, list.isSuccess, list.hasNextPage, live, removed, query],
  );

  // The query cache: a stream that opens again may have missed runs beyond its first page.
  const { state } = connection;
  useEffect(() => {
    if (state !== "live") return;
    void queryClient.invalidateQueries({ queryKey: [...queryKeys.jobs.all, "pages"] });
  }, [state, queryClient]);

  return { ...merged, list, connection };
}
