import type { Metadata } from "next";
import { Suspense } from "react";
import { PrefetchRuns } from "@/components/runs/prefetch-runs";
import { RunsSkeleton } from "@/components/runs/runs-skeleton";
import { RunsView } from "@/components/runs/runs-view";

export const metadata: Metadata = { title: "Runs" };

export default function RunsPage() {
  return (
    <>
      <PrefetchRuns />
      <Suspense fallback={<RunsSkeleton />}>
        <RunsView />
      </Suspense>
    </>
  );
}
