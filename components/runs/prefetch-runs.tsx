"use client";

import { useQueryClient } from "@tanstack/react-query";
import { firstJobsPage } from "@/lib/hooks/runs/use-jobs-pages";
import { jobsQueryOf } from "./data/use-runs-params";

/**
 * Requests the first runs before hydration ends: components that read the URL are hydrated last,
 * some hundred milliseconds later.
 */
export function PrefetchRuns() {
  const queryClient = useQueryClient();
  if (typeof window !== "undefined" && window.location.pathname === "/runs") {
    const page = firstJobsPage(jobsQueryOf(window.location.search));
    if (!queryClient.getQueryState(page.queryKey)) void queryClient.prefetchQuery(page);
  }
  return null;
}
