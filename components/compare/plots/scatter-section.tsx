"use client";

import type { Highlight } from "@/components/charts/panel/highlight";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { Select } from "@/components/ui/inputs/select";
import { axisFields, defaultAxes, valueAxis } from "@/lib/compare/axes";
import { fieldTitle } from "../group-runs";
import type { CompareParams } from "../use-compare-params";
import type { ComparedRun } from "../use-compared-runs";
import { ScatterPlot } from "./scatter-plot";

interface ScatterSectionProps {
  runs: readonly ComparedRun[];
  /** Every series of the runs. */
  names: readonly string[];
  params: CompareParams;
  highlight: Highlight;
}

/** Every run as a point between two of its values, live. */
export function ScatterSection({ runs, names, params, highlight }: ScatterSectionProps) {
  const jobs = runs.map(({ job }) => job);
  const fields = axisFields(jobs, names);
  const usual = defaultAxes(fields);
  const x = params.params.x ?? usual?.x;
  const y = params.params.y ?? usual?.y;
  const xAxis = x === undefined ? null : valueAxis(jobs, x);
  const yAxis = y === undefined ? null : valueAxis(jobs, y);
  if (!xAxis || !yAxis || x === undefined || y === undefined) {
    return (
      <EmptyState title="Nothing to plot yet">
        Each axis needs a config key that differs between the runs, or a series.
      </EmptyState>
    );
  }
  const options = (chosen: string) =>
    [...new Set([...fields, chosen])].map((field) => ({ value: field, label: fieldTitle(field) }));
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-xs text-muted">
        <span className="flex items-center gap-2">
          <span aria-hidden>X axis</span>
          <Select
            label="X axis"
            className="h-7 w-56 text-xs"
            value={x}
            onValueChange={(next) => void params.set({ x: next })}
            options={options(x)}
          />
        </span>
        <span className="flex items-center gap-2">
          <span aria-hidden>Y axis</span>
          <Select
            label="Y axis"
            className="h-7 w-56 text-xs"
            value={y}
            onValueChange={(next) => void params.set({ y: next })}
            options={options(y)}
          />
        </span>
      </div>
      <ScatterPlot runs={runs} xAxis={xAxis} yAxis={yAxis} highlight={highlight} />
    </div>
  );
}
