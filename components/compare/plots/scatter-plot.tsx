"use client";

import { useRef } from "react";
import { type Highlight, useHighlighted } from "@/components/charts/panel/highlight";
import type { ValueAxis } from "@/lib/compare/axes";
import { useElementSize } from "@/lib/hooks/page/use-element-size";
import type { ComparedRun } from "../use-compared-runs";

interface ScatterPlotProps {
  runs: readonly ComparedRun[];
  xAxis: ValueAxis;
  yAxis: ValueAxis;
  highlight: Highlight;
}

const margin = { left: 72, right: 24, top: 16 };
/** Keeps points at the extremes off the frame. */
const inset = 14;
const height = 420;

/** One point for each run that has both values. */
export function ScatterPlot({ runs, xAxis, yAxis, highlight }: ScatterPlotProps) {
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
          aria-label={`${yAxis.title} against ${xAxis.title} of ${runs.length} runs`}
          className="text-2xs"
        >
          {yAxis.ticks.map(({ place, label }) => (
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
          {xAxis.ticks.map(({ place, label }) => (
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
            {xAxis.title}
            {xAxis.logarithmic ? " (log)" : ""}
          </text>
          <text
            transform={`translate(14 ${toY(0.5)}) rotate(-90)`}
            textAnchor="middle"
            fill="var(--muted)"
          >
            {yAxis.title}
            {yAxis.logarithmic ? " (log)" : ""}
          </text>
          {runs.map(({ job, lineStyle }, index) => {
            const [x, y] = [xAxis.places[index] ?? null, yAxis.places[index] ?? null];
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
                  {`${job.name}: ${xAxis.title} ${xAxis.labels[index]}, ${yAxis.title} ${yAxis.labels[index]}`}
                </title>
              </circle>
            );
          })}
        </svg>
      ) : null}
    </div>
  );
}
