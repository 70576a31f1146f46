"use client";

import type { Better } from "@signalbox/protocol/data/score";
import { memo } from "react";
import { cn } from "@/components/ui/cn";
import {
  direction,
  formatTrend,
  formatTrendChange,
  trendText,
} from "@/lib/predictions/trends/trend-measures";
import type { TrendPanel } from "@/lib/predictions/trends/trend-panels";
import { EpochTable } from "./epoch-table";
import { TrendCard } from "./trend-card";
import { TrendChart, type TrendChartProps } from "./trend-chart";

interface MeasureCardProps extends TrendChartProps {
  /** Which values of the measure are better. */
  better: Better;
}

/** The mean of a measure at the selected epoch and over all epochs. */
export const MeasureCard = memo(function MeasureCard(props: MeasureCardProps) {
  const { panel, better, epoch, compare, onEpoch } = props;
  const { id, points } = panel;
  const valueAt = (at: number | null) => points.find((point) => point.epoch === at)?.value ?? null;
  const now = valueAt(epoch);
  const before = valueAt(compare);
  const banded = points.some((point) => point.band !== null);
  const format = (value: number | undefined | null) =>
    value === undefined || value === null ? "–" : formatTrend(id, value);
  return (
    <TrendCard
      id={id}
      reading={
        <>
          <span className="font-mono text-lg leading-6 font-medium tracking-tight">
            {format(now)}
          </span>
          {now !== null && before !== null ? (
            <Difference
              panel={panel}
              better={better}
              before={before}
              now={now}
              compare={compare ?? 0}
            />
          ) : null}
        </>
      }
      chart={<TrendChart {...props} />}
      table={
        <EpochTable
          label={`${trendText(id).title} by epoch`}
          columns={banded ? ["Mean", "Min", "Max"] : ["Value"]}
          rows={points.map((point) => ({
            epoch: point.epoch,
            cells: [point.value, ...(banded ? [point.band?.[0], point.band?.[1]] : [])].map(format),
          }))}
          epoch={epoch}
          onEpoch={onEpoch}
        />
      }
    />
  );
});

const directionDisplay = {
  better: ["text-succeeded", "better than"],
  worse: ["text-failed", "worse than"],
  same: ["text-faint", "same as"],
} as const;

interface DifferenceProps {
  panel: TrendPanel;
  better: Better;
  before: number;
  now: number;
  compare: number;
}

function Difference({ panel, better, before, now, compare }: DifferenceProps) {
  const [colour, comparison] = directionDisplay[direction(panel.id, before, now, better)];
  return (
    <span className={cn("truncate text-xs", colour)}>
      {formatTrendChange(panel.id, before, now)}{" "}
      <span className="text-faint">
        {comparison} epoch {compare}
      </span>
    </span>
  );
}
