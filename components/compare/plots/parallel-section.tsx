"use client";

import { useRef } from "react";
import { type Highlight, useHighlighted } from "@/components/charts/panel/highlight";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { FilterMenu } from "@/components/ui/overlays/filter-menu";
import { axisFields, defaultAxes, valueAxis } from "@/lib/compare/axes";
import { useElementSize } from "@/lib/hooks/page/use-element-size";

import { fieldTitle } from "../group-runs";
import type { CompareParams } from "../use-compare-params";
import type { ComparedRun } from "../use-compared-runs";

interface ParallelSectionProps {
  runs: readonly ComparedRun[];
  /** Every series of the runs. */
  names: readonly string[];
  params: CompareParams;
  highlight: Highlight;
}

const height = 420;
const margin = { x: 64, top: 40, bottom: 16 };

/** The default axes: config keys that differ, then the main metrics. */
function defaultFields(fields: readonly string[]): string[] {
  const main = defaultAxes(fields)?.y;
  return [
    ...fields.filter((field) => field.startsWith("config.")).slice(0, 6),
    ...fields.filter((field) => field === "latest.eval/exact_match"),
    ...(main === undefined ? [] : [main]),
  ];
}

/** Parallel coordinates: one line for each run, one axis for each config key or series. */
export function ParallelSection({ runs, names, params, highlight }: ParallelSectionProps) {
  const jobs = runs.map(({ job }) => job);
  const fields = axisFields(jobs, names);
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  const highlighted = useHighlighted(highlight);
  const chosen = params.params.axes ?? defaultFields(fields);
  const axes = chosen.flatMap((field) => valueAxis(jobs, field) ?? []);
  const toX = (index: number) =>
    axes.length < 2 ? width / 2 : margin.x + (index * (width - 2 * margin.x)) / (axes.length - 1);
  const toY = (place: number) => margin.top + (1 - place) * (height - margin.top - margin.bottom);

  /** A run's line; a missing value breaks it. */
  const path = (run: number) => {
    let open = false;
    return axes
      .map((axis, index) => {
        const place = axis.places[run] ?? null;
        const command = place === null ? "" : `${open ? "L" : "M"}${toX(index)} ${toY(place)}`;
        open = place !== null;
        return command;
      })
      .join("");
  };

  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-2">
        <FilterMenu
          label="Axes"
          searchable
          value={chosen}
          onValueChange={(next) => void params.set({ axes: next.length > 0 ? next : null })}
          options={fields.map((field) => ({ value: field, label: fieldTitle(field) }))}
        />
      </div>
      <div
        ref={box}
        className="overflow-hidden rounded-lg border border-line bg-surface"
        style={{ height }}
      >
        {axes.length < 2 ? (
          <EmptyState title="Choose at least two axes">
            Use config keys that differ between the runs, or series.
          </EmptyState>
        ) : width > 0 ? (
          <svg
            width={width}
            height={height}
            role="img"
            aria-label={`${runs.length} runs across ${axes.map(({ title }) => title).join(", ")}`}
            className="text-2xs"
          >
            {runs.map(({ job, lineStyle }, index) => {
              const on = highlighted === job.id;
              return (
                <path
                  key={job.id}
                  data-path={job.id}
                  d={path(index)}
                  fill="none"
                  stroke={`var(--series-${lineStyle.colour})`}
                  strokeWidth={on ? 3 : 1.5}
                  strokeOpacity={highlighted !== null && !on ? 0.15 : 0.8}
                  strokeDasharray={lineStyle.dash.join(" ")}
                  onPointerEnter={() => highlight.set(job.id)}
                  onPointerLeave={() => highlight.set(null)}
                >
                  <title>
                    {`${job.name}: ${axes.map((axis) => `${axis.title} ${axis.labels[index]}`).join(", ")}`}
                  </title>
                </path>
              );
            })}
            {axes.map((axis, index) => (
              <g key={axis.field} pointerEvents="none">
                <line
                  x1={toX(index)}
                  x2={toX(index)}
                  y1={toY(1)}
                  y2={toY(0)}
                  stroke="var(--line-strong)"
                />
                <text
                  x={toX(index)}
                  y={20}
                  textAnchor="middle"
                  fill="var(--muted)"
                  fontWeight={500}
                >
                  {axis.title.length > 20 ? `…${axis.title.slice(-19)}` : axis.title}
                </text>
                {axis.ticks.map(({ place, label }) => (
                  <text
                    key={label}
                    x={toX(index) + (index === axes.length - 1 ? -6 : 6)}
                    y={toY(place) + 3}
                    textAnchor={index === axes.length - 1 ? "end" : "start"}
                    fill="var(--faint)"
                    stroke="var(--surface)"
                    strokeWidth={3}
                    paintOrder="stroke"
                  >
                    {label.slice(0, 14)}
                  </text>
                ))}
              </g>
            ))}
          </svg>
        ) : null}
      </div>
    </div>
  );
}
