"use client";

import { useRef } from "react";
import { type Highlight, useHighlighted } from "@/components/charts/panel/highlight";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { Select } from "@/components/ui/inputs/select";
import { usualAxes, type ValueAxis, valueAxis } from "@/lib/compare/axes";
import { useElementSize } from "@/lib/hooks/page/use-element-size";
import { fieldTitle } from "./group-runs";
import type { CompareParams } from "./use-compare-params";
import type { ComparedRun } from "./use-compared-runs";

interface ScatterSectionProps {
  runs: readonly ComparedRun[];
  fields: readonly string[];
  params: CompareParams;
  highlight: Highlight;
}

/** Two values of every run against each other, live. */
export function ScatterSection({ runs, fields, params, highlight }: ScatterSectionProps) {
  const usual = usualAxes(fields);
  const x = params.params.x ?? usual?.x;
  const y = params.params.y ?? usual?.y;
  const jobs = runs.map(({ job }) => job);
  const across = x === undefined ? null : valueAxis(jobs, x);
  const up = y === undefined ? null : valueAxis(jobs, y);
  if (!across || !up || x === undefined || y === undefined) {
    return (
      <EmptyState title="Nothing to plot yet">
        A scatter needs a config key that differs, or a series, for each axis.
      </EmptyState>
    );
  }
  const options = (chosen: string) =>
    [...new Set([...fields, chosen])].map((field) => ({ value: field, label: fieldTitle(field) }));
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-xs text-muted">
        <span className="flex items-center gap-2">
          <span aria-hidden>Across</span>
          <Select
            label="Across"
            className="h-7 w-56 text-xs"
            value={x}
            onValueChange={(next) => void params.set({ x: next })}
            options={options(x)}
          />
        </span>
        <span className="flex items-center gap-2">
          <span aria-hidden>Up</span>
          <Select
            label="Up"
            className="h-7 w-56 text-xs"
            value={y}
            onValueChange={(next) => void params.set({ y: next })}
            options={options(y)}
          />
        </span>
      </div>
      <Scatter runs={runs} across={across} up={up} highlight={highlight} />
    </div>
  );
}

interface ScatterProps {
  runs: readonly ComparedRun[];
  across: ValueAxis;
  up: ValueAxis;
  highlight: Highlight;
}

const margin = { left: 72, right: 24, top: 16 };
/** Points at the ends stand off the frame. */
const inset = 14;
const height = 420;

function Scatter({ runs, across, up, highlight }: ScatterProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  const highlighted = useHighlighted(highlight);
  const inner = { width: width - margin.left - margin.right, height: height - 60 };
  const toX = (place: number) => margin.left + inset + place * (inner.width - 2 * inset);
  const toY = (place: number) => margin.top + inset + (1 - place) * (inner.height - 2 * inset);
  return (
    <div ref={box} className="rounded-lg border border-line bg-surface" style={{ height }}>
      {width > 0 ? (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`${up.title} against ${across.title} of ${runs.length} runs`}
          className="text-2xs"
        >
          {up.ticks.map(({ place, label }) => (
            <g key={label}>
              <line
                x1={margin.left}
                x2={width - margin.right}
                y1={toY(place)}
                y2={toY(place)}
                stroke="var(--line)"
              />
              <text x={margin.left - 8} y={toY(place) + 3} textAnchor="end" fill="var(--faint)">
                {label.slice(0, 10)}
              </text>
            </g>
          ))}
          {across.ticks.map(({ place, label }) => (
            <text
              key={label}
              x={toX(place)}
              y={height - 26}
              textAnchor="middle"
              fill="var(--faint)"
            >
              {label.slice(0, 14)}
            </text>
          ))}
          <text x={toX(0.5)} y={height - 8} textAnchor="middle" fill="var(--muted)">
            {across.title}
            {across.logarithmic ? " (log)" : ""}
          </text>
          <text
            transform={`translate(14 ${toY(0.5)}) rotate(-90)`}
            textAnchor="middle"
            fill="var(--muted)"
          >
            {up.title}
            {up.logarithmic ? " (log)" : ""}
          </text>
          {runs.map(({ job, lineStyle }, index) => {
            const [x, y] = [across.places[index] ?? null, up.places[index] ?? null];
            if (x === null || y === null) return null;
            const chosen = highlighted === job.id;
            return (
              <circle
                key={job.id}
                data-point={job.id}
                cx={toX(x)}
                cy={toY(y)}
                r={chosen ? 7 : 5}
                fill={`var(--series-${lineStyle.colour})`}
                fillOpacity={highlighted !== null && !chosen ? 0.25 : 0.85}
                stroke="var(--surface)"
                onPointerEnter={() => highlight.set(job.id)}
                onPointerLeave={() => highlight.set(null)}
              >
                <title>
                  {`${job.name}: ${across.title} ${across.labels[index]}, ${up.title} ${up.labels[index]}`}
                </title>
              </circle>
            );
          })}
        </svg>
      ) : null}
    </div>
  );
}
