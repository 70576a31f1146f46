"use client";

import { GitCompareArrows } from "lucide-react";
import { useMemo, useState } from "react";
import { createHighlight } from "@/components/charts/panel/highlight";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { AddRuns } from "./add-runs";
import { CompareHeader } from "./compare-header";
import { CompareSidebar } from "./compare-sidebar";
import { CompareTabs } from "./compare-tabs";
import { useCompareParams } from "./use-compare-params";
import { useComparedRuns, useRunsStream } from "./use-compared-runs";

/** Compares several runs: overlaid live panels, differences, values, scatter, parallel axes. */
export function CompareView() {
  const params = useCompareParams();
  const { ids, chooseRuns } = params;
  const { runs, missing, query, connection } = useComparedRuns(ids);
  const stream = useRunsStream(runs);
  const [highlight] = useState(createHighlight);
  const jobs = useMemo(() => runs.map(({ job }) => job), [runs]);
  const key = [...new Set(jobs.flatMap((job) => Object.keys(job.latest)))].sort().join("\n");
  const names = useMemo(() => (key === "" ? [] : key.split("\n")), [key]);

  if (ids.length === 0) return <NothingChosen onChoose={chooseRuns} />;
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:h-[calc(100dvh-3rem)] lg:flex-none">
      <CompareHeader jobs={jobs} connection={connection} params={params} />
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <CompareSidebar
          runs={runs}
          missing={missing}
          pending={query.isPending}
          params={params}
          highlight={highlight}
        />
        <div className="min-h-0 min-w-0 flex-1 lg:overflow-y-auto">
          {query.isError && runs.length === 0 ? (
            <ErrorState
              title="The runs could not be loaded"
              error={query.error}
              onRetry={() => void query.refetch()}
              retrying={query.isFetching}
            />
          ) : (
            <CompareTabs
              runs={runs}
              names={names}
              params={params}
              stream={stream}
              highlight={highlight}
            />
          )}
        </div>
      </div>
    </div>
  );
}

function NothingChosen({ onChoose }: { onChoose: (ids: string[]) => void }) {
  return (
    <EmptyState
      className="flex-1"
      icon={<GitCompareArrows />}
      title="Compare runs"
      action={<AddRuns ids={[]} onChange={onChoose} primary />}
    >
      Overlay their curves, see where their configs differ, and find the best one. Choose runs here
      or select them on the Runs page.
    </EmptyState>
  );
}
