"use client";

import { ChartLine, SearchX } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Spinner } from "@/components/ui/spinner";
import { commandMarkers } from "@/lib/charts/markers";
import { groupPanels } from "@/lib/charts/panels";
import { stepRange } from "@/lib/charts/y-range";
import type { Command } from "@/lib/contracts/command";
import type { Job } from "@/lib/contracts/job";
import { visibleText } from "@/lib/format/visible-text";
import { SeriesSourceContext, useSeriesSource } from "@/lib/hooks/use-series";
import { type TrainingStream, useStreamSlice } from "@/lib/hooks/use-training-stream";
import { isTerminal } from "@/lib/jobs/job-status";
import { ChartsToolbar } from "./charts-toolbar";
import { PanelGroup } from "./panel-group";
import { useChartParams } from "./use-chart-params";

interface ChartsTabProps {
  job: Job;
  commands: readonly Command[];
  stream: TrainingStream;
  attachedSeq: number | null;
}

const separator = "\u0000";

/** Every series the run has written, also those whose first value has just arrived. */
function useSeriesNames(job: Job, stream: TrainingStream): readonly string[] {
  const live = useStreamSlice(stream, ({ series }) => [...series.keys()].join(separator));
  const known = Object.keys(job.latest).join(separator);
  return useMemo(
    () => [...new Set(`${known}${separator}${live}`.split(separator))].filter(Boolean),
    [known, live],
  );
}

/** The steps of the whole run: what its panels hold, and where the job stands. */
function useFullRange(currentStep: number | null) {
  const [extent, setExtent] = useState<{ min: number; max: number } | null>(null);
  const onExtent = useCallback((min: number, max: number) => {
    setExtent((known) => {
      if (known && known.min <= min && known.max >= max) return known;
      return { min: Math.min(known?.min ?? min, min), max: Math.max(known?.max ?? max, max) };
    });
  }, []);
  const from = extent?.min ?? 0;
  const to = Math.max(extent?.max ?? 0, currentStep ?? 0, from);
  const full = useMemo(() => stepRange(from, to), [from, to]);
  return { full, onExtent };
}

/** One live panel for each series, grouped by prefix. */
export function ChartsTab({ job, commands, stream, attachedSeq }: ChartsTabProps) {
  const params = useChartParams();
  const source = useSeriesSource(job.id, job.generation, stream, attachedSeq);
  const names = useSeriesNames(job, stream);
  const groups = useMemo(() => groupPanels(names, params.query), [names, params.query]);
  const markers = useMemo(() => commandMarkers(commands), [commands]);
  const { full, onExtent } = useFullRange(job.current_step);
  const shown = groups.reduce((sum, group) => sum + group.names.length, 0);

  if (names.length === 0) return <NoSeries job={job} />;
  return (
    <SeriesSourceContext value={source}>
      <div className="flex flex-col gap-3 px-3 py-3 sm:px-4">
        <ChartsToolbar params={params} shown={shown} total={names.length} />
        {groups.map((group) => (
          <PanelGroup
            key={group.prefix}
            group={group}
            open={params.query !== "" || !params.closed.includes(group.prefix)}
            onToggle={params.toggleGroup}
            wideName={params.wide}
            zoom={params.zoom}
            full={full}
            markers={markers}
            logarithmic={params.logarithmic}
            smoothing={params.smoothing}
            syncKey={`run-${job.id}`}
            onWide={params.setWide}
            onZoom={params.setZoom}
            onExtent={onExtent}
          />
        ))}
        {shown === 0 ? (
          <EmptyState
            icon={<SearchX />}
            title={`No panel matches “${params.query}”`}
            action={<Button onClick={() => params.setQuery("")}>Clear the search</Button>}
          />
        ) : null}
      </div>
    </SeriesSourceContext>
  );
}

function NoSeries({ job }: { job: Job }) {
  if (isTerminal(job.status)) {
    return (
      <EmptyState icon={<ChartLine />} title="No metrics">
        This run ended before it wrote any.
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
      A panel appears for each series as soon as its first value arrives.
    </EmptyState>
  );
}
