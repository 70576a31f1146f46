"use client";

import type { Command } from "@signalbox/protocol/job/command";
import type { Job } from "@signalbox/protocol/job/job";
import { isTerminal } from "@signalbox/protocol/job/job-status";
import { ChartLine, SearchX } from "lucide-react";
import { useEffect, useMemo } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { SeriesLeftOut } from "@/components/ui/feedback/series-left-out";
import { Spinner } from "@/components/ui/feedback/spinner";
import { commandMarkers } from "@/lib/charts/axes/markers";
import { panelSpec } from "@/lib/charts/panels/custom-panels";
import { groupPanels } from "@/lib/charts/panels/group-panels";
import { visibleText } from "@/lib/format/visible-text";
import { useRunLines } from "@/lib/hooks/charts/use-run-lines";
import { type TrainingStream, useStreamSlice } from "@/lib/hooks/use-training-stream";
import { ChartsToolbar } from "./charts-toolbar";
import { PanelGroup } from "./panel-group";
import { useChartParams } from "./use-chart-params";

interface ChartsTabProps {
  job: Job;
  commands: readonly Command[];
  stream: TrainingStream;
  liveFromSeq: number | null;
}

const separator = "\u0000";

/** Names of all series of the run, including ones that have just appeared. */
function useSeriesNames(job: Job, stream: TrainingStream): readonly string[] {
  const live = useStreamSlice(stream, ({ series }) => [...series.keys()].join(separator));
  const known = Object.keys(job.latest).join(separator);
  return useMemo(
    () => [...new Set(`${known}${separator}${live}`.split(separator))].filter(Boolean),
    [known, live],
  );
}

/** One live panel for each series, in groups. */
export function ChartsTab({ job, commands, stream, liveFromSeq }: ChartsTabProps) {
  const view = useChartParams();
  const startedAt = Date.parse(job.started_at ?? job.created_at);
  const { id, generation } = job;
  const run = useRunLines({ jobId: id, generation, stream, liveFromSeq, startedAt });
  const { extents } = run;
  // The shared axis covers the whole run, even if a series has no recent values.
  useEffect(() => extents.reach(job.current_step ?? 0), [extents, job.current_step]);
  const names = useSeriesNames(job, stream);
  const { query, grouping, pinned, order, custom } = view;
  const specs = useMemo(() => custom.map((panel) => panelSpec(panel, names)), [custom, names]);
  const groups = useMemo(
    () => groupPanels(names, { query, grouping, pinned, order, custom: specs }),
    [names, query, grouping, pinned, order, specs],
  );
  const markers = useMemo(() => commandMarkers(commands), [commands]);
  const shown = groups.reduce((sum, group) => sum + group.names.length, 0);

  if (names.length === 0) return <NoSeries job={job} />;
  return (
    <div className="flex flex-col gap-3 px-3 py-3 sm:px-4">
      <ChartsToolbar view={view} shown={shown} total={names.length + specs.length} names={names} />
      <SeriesLeftOut job={job} listed={names.length} />
      {groups.map((group) => (
        <PanelGroup
          key={group.prefix}
          group={group}
          run={run}
          open={query !== "" || !view.closed.includes(group.prefix)}
          onToggle={view.toggleGroup}
          view={view}
          specs={specs}
          names={names}
          markers={markers}
        />
      ))}
      {shown === 0 ? (
        <EmptyState
          icon={<SearchX />}
          title={`No panels match “${query}”`}
          action={<Button onClick={() => view.setQuery("")}>Clear search</Button>}
        />
      ) : null}
    </div>
  );
}

function NoSeries({ job }: { job: Job }) {
  if (isTerminal(job.status)) {
    return (
      <EmptyState icon={<ChartLine />} title="No metrics">
        This run ended before it logged any metrics.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<ChartLine />}
      title="Waiting for the first step"
      action={
        job.phase ? (
          <span
            className="inline-flex items-center gap-2 text-sm text-muted"
            data-phase={job.phase}
          >
            <Spinner /> {visibleText(job.phase)}
          </span>
        ) : undefined
      }
    >
      A panel appears for each series as soon as its first value is logged.
    </EmptyState>
  );
}
