"use client";

import { GitCompareArrows } from "lucide-react";
import Link from "next/link";
import { useCallback, useMemo, useState } from "react";
import { createHighlight } from "@/components/charts/panel/highlight";
import { SavedViews } from "@/components/runs/toolbar/saved-views";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { Select } from "@/components/ui/inputs/select";
import { LiveIndicator } from "@/components/ui/status/live-indicator";
import { TabPanel, Tabs } from "@/components/ui/tabs";
import type { ChartZoom } from "@/lib/charts/panels/panel-settings";
import { axisFields } from "@/lib/compare/axes";
import { differences } from "@/lib/compare/differences";
import { zoomParams } from "@/lib/hooks/charts/chart-params";
import { AddRuns } from "./add-runs";
import { ChartsSection, type DrawnLine } from "./charts-section";
import { CompareLegend, groupStyle } from "./compare-legend";
import { DifferencesSection } from "./differences-section";
import { fieldTitle, groupRuns } from "./group-runs";
import { ParallelSection } from "./parallel-section";
import { ScatterSection } from "./scatter-section";
import { type CompareTab, useCompareParams } from "./use-compare-params";
import { useComparedRuns, useRunsTail } from "./use-compared-runs";
import { ValuesSection } from "./values-section";

const tabs: { value: CompareTab; label: string }[] = [
  { value: "charts", label: "Charts" },
  { value: "differences", label: "Differences" },
  { value: "values", label: "Values" },
  { value: "scatter", label: "Scatter" },
  { value: "parallel", label: "Parallel" },
];

const none = "";

/** Compares several runs: overlaid live panels, differences, values, scatter, parallel axes. */
export function CompareView() {
  const compare = useCompareParams();
  const { params, set, ids } = compare;
  const { runs, missing, query, connection } = useComparedRuns(ids);
  const tail = useRunsTail(runs);
  const [highlight] = useState(createHighlight);
  const onZoom = useCallback((zoom: ChartZoom | null) => void set(zoomParams(zoom)), [set]);
  const choose = (next: readonly string[]) =>
    void set({
      runs: next.length > 0 ? [...next] : null,
      hidden: params.hidden.filter((id) => next.includes(id)),
    });

  const hidden = useMemo(() => new Set(params.hidden), [params.hidden]);
  const jobs = useMemo(() => runs.map(({ job }) => job), [runs]);
  const key = [...new Set(jobs.flatMap((job) => Object.keys(job.latest)))].sort().join("\n");
  const names = useMemo(() => (key === "" ? [] : key.split("\n")), [key]);
  const fields = axisFields(jobs, names);

  // What the panels draw keeps its identity while runs merely move on.
  const shown = runs.filter(({ job }) => !hidden.has(job.id));
  const drawnKey = JSON.stringify(shown.map(({ job }) => [job.id, job.name, job.started_at]));
  const groupKey = params.group ? JSON.stringify(groupRuns(jobs, params.group)) : "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys say what is drawn.
  const drawn = useMemo(() => {
    // A value keeps its colour while runs are hidden, also where none of its runs is shown.
    const groups = params.group
      ? groupRuns(jobs, params.group).flatMap((group, index) => {
          const ids = group.ids.filter((id) => !hidden.has(id));
          return ids.length > 0 ? { ...group, ids, lineStyle: groupStyle(index) } : [];
        })
      : null;
    const lines: DrawnLine[] = groups
      ? groups.map(({ key: id, label, lineStyle }) => ({ id, label, lineStyle }))
      : shown.map(({ job, lineStyle }) => ({ id: job.id, label: job.name, lineStyle }));
    const lineRuns = shown.map(({ job }) => {
      return { id: job.id, startedAt: Date.parse(job.started_at ?? job.created_at) };
    });
    return { runs: lineRuns, lines, groups };
  }, [drawnKey, groupKey]);

  if (ids.length === 0) return <NothingChosen onChoose={choose} />;
  const groupFields = differences(jobs)
    .filter((row) => row.differs && row.path !== "tags")
    .map(({ path }) => (["kind", "model", "dataset"].includes(path) ? path : `config.${path}`));
  const groupOptions = [
    ...new Set([...groupFields, "status", ...(params.group ? [params.group] : [])]),
  ];
  const [first, second] = ids;

  return (
    <div className="flex min-h-0 flex-1 flex-col lg:h-[calc(100dvh-3rem)] lg:flex-none">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3 py-2 sm:px-4">
        <h1 className="flex items-baseline gap-1.5 text-base font-semibold tracking-tight">
          Compare
          <span className="nums text-sm font-normal text-faint">{ids.length} runs</span>
        </h1>
        <LiveIndicator connection={connection} />
        <div className="ml-auto flex flex-wrap items-center gap-2">
          {first !== undefined && second !== undefined && ids.length === 2 ? (
            <Button
              size="sm"
              nativeButton={false}
              render={
                <Link
                  href={`/runs/${encodeURIComponent(first)}?tab=epochs&run=${encodeURIComponent(second)}`}
                />
              }
            >
              Compare epochs
            </Button>
          ) : null}
          <Select
            label="Group by"
            className="h-7 w-44 text-xs"
            value={params.group ?? none}
            onValueChange={(next) => void set({ group: next === none ? null : next })}
            options={[
              { value: none, label: "No grouping" },
              ...groupOptions.map((field) => ({ value: field, label: `By ${fieldTitle(field)}` })),
            ]}
          />
          <SavedViews page="compare" />
          <AddRuns ids={ids} onChange={choose} />
        </div>
      </header>
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <aside
          aria-label="Legend"
          className="max-h-44 shrink-0 overflow-y-auto border-line p-2 max-lg:border-b lg:max-h-none lg:w-64 lg:border-r"
        >
          {query.isPending ? <Skeleton className="m-2 h-4 w-40" /> : null}
          <CompareLegend
            runs={runs}
            hidden={hidden}
            highlight={highlight}
            group={
              params.group && drawn.groups
                ? { field: params.group, values: groupRuns(jobs, params.group) }
                : null
            }
            onToggle={(id) =>
              void set({
                hidden: hidden.has(id)
                  ? params.hidden.filter((each) => each !== id)
                  : [...params.hidden, id],
              })
            }
            onRemove={(id) => choose(ids.filter((each) => each !== id))}
          />
          {missing.length > 0 ? (
            <p className="px-2 pt-2 text-xs text-pretty text-muted">
              No longer available: <span className="font-mono">{missing.join(", ")}</span>{" "}
              <button
                type="button"
                className="underline"
                onClick={() => choose(ids.filter((id) => !missing.includes(id)))}
              >
                Remove
              </button>
            </p>
          ) : null}
        </aside>
        <div className="min-h-0 min-w-0 flex-1 lg:overflow-y-auto">
          {query.isError && runs.length === 0 ? (
            <ErrorState
              title="The runs could not be loaded"
              error={query.error}
              onRetry={() => void query.refetch()}
              retrying={query.isFetching}
            />
          ) : (
            <Tabs
              value={params.tab}
              onValueChange={(tab) => void set({ tab })}
              tabs={tabs}
              label="Comparison"
              listClassName="sticky top-0 z-10 bg-canvas px-2"
            >
              <TabPanel value="charts" className="p-3 sm:p-4">
                <ChartsSection
                  {...drawn}
                  names={names}
                  params={compare}
                  tail={tail}
                  highlight={highlight}
                  onZoom={onZoom}
                />
              </TabPanel>
              <TabPanel value="differences" className="p-3 sm:p-4">
                <DifferencesSection runs={shown} params={compare} />
              </TabPanel>
              <TabPanel value="values" className="p-3 sm:p-4">
                <ValuesSection runs={shown} names={names} params={compare} />
              </TabPanel>
              <TabPanel value="scatter" className="p-3 sm:p-4">
                <ScatterSection
                  runs={shown}
                  fields={fields}
                  params={compare}
                  highlight={highlight}
                />
              </TabPanel>
              <TabPanel value="parallel" className="p-3 sm:p-4">
                <ParallelSection
                  runs={shown}
                  fields={fields}
                  params={compare}
                  highlight={highlight}
                />
              </TabPanel>
            </Tabs>
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
