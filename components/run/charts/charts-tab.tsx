"use client";

import { ChartLine, SearchX } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Spinner } from "@/components/ui/spinner";
import { commandMarkers } from "@/lib/charts/markers";
import { groupPanels } from "@/lib/charts/panels";
import type { XAxis, XRange } from "@/lib/charts/x-axis";
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

/**
 * What the panels hold of each axis, and on the step axis where the job stands. Relative time
 * begins at the start of the run, or at its first point where that was written before.
 */
function useExtents({ current_step: currentStep, started_at, created_at }: Job) {
  const [known, setKnown] = useState<Partial<Record<XAxis, XRange>>>({});
  const [firstPoint, setFirstPoint] = useState(Number.POSITIVE_INFINITY);
  const startedAt = Math.min(firstPoint, Date.parse(started_at ?? created_at));
  const onExtent = useCallback(
    (axis: XAxis, min: number, max: number) => {
      if (axis === "relative" && min < 0) {
        setFirstPoint((first) => Math.min(first, startedAt + min * 1000));
        return;
      }
      setKnown((all) => {
        const own = all[axis];
        if (own && own.min <= min && own.max >= max) return all;
        return {
          ...all,
          [axis]: { min: Math.min(own?.min ?? min, min), max: Math.max(own?.max ?? max, max) },
        };
      });
    },
    [startedAt],
  );
  const extents = useMemo(() => {
    const first = known.step?.min ?? 0;
    const { from, to } = stepRange(first, Math.max(known.step?.max ?? 0, currentStep ?? 0, first));
    return { ...known, step: { min: from, max: to } };
  }, [known, currentStep]);
  return { extents, onExtent, startedAt };
}

/** One live panel for each series, in groups. */
export function ChartsTab({ job, commands, stream, attachedSeq }: ChartsTabProps) {
  const view = useChartParams();
  const { extents, onExtent, startedAt } = useExtents(job);
  const source = useSeriesSource(job.id, job.generation, stream, attachedSeq, startedAt);
  const names = useSeriesNames(job, stream);
  const { query, grouping, pinned, order } = view;
  const groups = useMemo(
    () => groupPanels(names, { query, grouping, pinned, order }),
    [names, query, grouping, pinned, order],
  );
  const markers = useMemo(() => commandMarkers(commands), [commands]);
  const shown = groups.reduce((sum, group) => sum + group.names.length, 0);

  if (names.length === 0) return <NoSeries job={job} />;
  return (
    <SeriesSourceContext value={source}>
      <div className="flex flex-col gap-3 px-3 py-3 sm:px-4">
        <ChartsToolbar view={view} shown={shown} total={names.length} />
        {groups.map((group) => (
          <PanelGroup
            key={group.prefix}
            group={group}
            open={query !== "" || !view.closed.includes(group.prefix)}
            onToggle={view.toggleGroup}
            view={view}
            extents={extents}
            markers={markers}
            syncKey={`run-${job.id}`}
            onExtent={onExtent}
          />
        ))}
        {shown === 0 ? (
          <EmptyState
            icon={<SearchX />}
            title={`No panel matches “${query}”`}
            action={<Button onClick={() => view.setQuery("")}>Clear the search</Button>}
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
