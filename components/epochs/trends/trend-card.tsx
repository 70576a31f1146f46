"use client";

import { ChartLine, Sheet } from "lucide-react";
import { memo, useState } from "react";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";
import { Tooltip } from "@/components/ui/overlays/tooltip";
import { direction, measures, type TrendPanel } from "@/lib/predictions/trend-panels";
import { formatDifference, formatMeasure } from "./format-measure";
import { TrendChart, type TrendChartProps } from "./trend-chart";

/** One measure: its value at the selected epoch, its chart and its table. */
export const TrendCard = memo(function TrendCard(props: TrendChartProps) {
  const { panel, epoch, compare } = props;
  const [table, setTable] = useState(false);
  const measure = measures[panel.id];
  const valueAt = (at: number | null) =>
    panel.points.find((point) => point.epoch === at)?.value ?? null;
  const now = valueAt(epoch);
  const before = valueAt(compare);
  return (
    <section
      aria-label={measure.title}
      data-trend={panel.id}
      className="flex h-46 min-w-0 flex-col rounded-lg border border-line bg-surface"
    >
      <header className="flex items-start justify-between pt-1.5 pr-1.5 pl-3">
        <div className="min-w-0">
          <Tooltip content={measure.help}>
            <h3 className="truncate text-sm font-medium text-muted">{measure.title}</h3>
          </Tooltip>
          <p className="nums flex items-baseline gap-2 whitespace-nowrap">
            <span className="font-mono text-lg leading-6 font-medium tracking-tight">
              {now === null ? "–" : formatMeasure(panel.id, now)}
            </span>
            {now !== null && before !== null ? (
              <Difference panel={panel} before={before} now={now} compare={compare ?? 0} />
            ) : null}
          </p>
        </div>
        <IconButton
          label={table ? "Show chart" : "Show table"}
          size="sm"
          aria-pressed={table}
          onClick={() => setTable(!table)}
        >
          {table ? <ChartLine /> : <Sheet />}
        </IconButton>
      </header>
      <div className="min-h-0 flex-1">
        {table ? <TrendTable {...props} /> : <TrendChart {...props} />}
      </div>
    </section>
  );
});

const directionDisplay = {
  better: ["text-succeeded", "better than"],
  worse: ["text-failed", "worse than"],
  same: ["text-faint", "same as"],
} as const;

interface DifferenceProps {
  panel: TrendPanel;
  before: number;
  now: number;
  compare: number;
}

function Difference({ panel, before, now, compare }: DifferenceProps) {
  const [colour, comparison] = directionDisplay[direction(panel.id, before, now)];
  return (
    <span className={cn("truncate text-xs", colour)}>
      {formatDifference(panel.id, before, now)}{" "}
      <span className="text-faint">
        {comparison} epoch {compare}
      </span>
    </span>
  );
}

/** The chart's values as a table. */
function TrendTable({ panel, epoch, onEpoch }: TrendChartProps) {
  const { id, points } = panel;
  const banded = points.some((point) => point.band !== null);
  const cell = "px-3 py-0.5 text-right font-normal";
  return (
    <div className="h-full overflow-auto border-t border-line">
      <table className="nums w-full text-xs" aria-label={`${measures[id].title} by epoch`}>
        <thead className="sticky top-0 bg-surface text-faint">
          <tr>
            <th className={cn(cell, "text-left")}>Epoch</th>
            <th className={cell}>{banded ? "Mean" : "Value"}</th>
            {banded ? <th className={cell}>Min</th> : null}
            {banded ? <th className={cell}>Max</th> : null}
          </tr>
        </thead>
        <tbody className="font-mono">
          {points.map((point) => (
            <tr key={point.epoch} className={cn(point.epoch === epoch && "bg-accent-soft")}>
              <th className="px-3 text-left font-normal">
                <button
                  type="button"
                  className="w-full text-left hover:underline"
                  onClick={() => onEpoch(point.epoch)}
                >
                  {point.epoch}
                </button>
              </th>
              <td className={cell}>
                {point.value === null ? "–" : formatMeasure(id, point.value)}
              </td>
              {banded ? (
                <>
                  <td className={cell}>{point.band ? formatMeasure(id, point.band[0]) : "–"}</td>
                  <td className={cell}>{point.band ? formatMeasure(id, point.band[1]) : "–"}</td>
                </>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
