"use client";

import { useQueryClient } from "@tanstack/react-query";
import { firstJobsPage } from "@/lib/hooks/runs/use-jobs-pages";
import { jobsQueryOf } from "./data/use-runs-params";

/**
 * Asks for the first runs while the page still wakes up: what reads the URL is hydrated last, and
 * would ask some hundred milliseconds later.
 */
export function EarlyRuns() {
  const queryClient = useQueryClient();
  if (typeof window !== "undefined" && window.location.pathname === "/runs") {
    const page = firstJobsPage(jobsQueryOf(window.location.search));
    if (!queryClient.getQueryState(page.queryKey)) void queryClient.prefetchQuery(page);
  }
  return null;
}
