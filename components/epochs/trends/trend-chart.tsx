"use client";

import type { TrendPanel } from "@/lib/predictions/trends/trend-panels";
import { EpochMarks } from "./epoch-marks";
import { trendColour } from "./trend-colours";
import { TrendPlot } from "./trend-plot";

export interface TrendChartProps {
  panel: TrendPanel;
  epoch: number;
  compare: number | null;
  onEpoch: (epoch: number) => void;
}

/** One measure over the epochs; a click selects an epoch. */
export function TrendChart({ panel, epoch, compare, onEpoch }: TrendChartProps) {
  const [bottom, top] = panel.domain;
  const value = panel.points.find((point) => point.epoch === epoch)?.value ?? null;
  return (
    <EpochMarks
      points={panel.points}
      epoch={epoch}
      compare={compare}
      onEpoch={onEpoch}
      dot={(left) =>
        value === null ? null : (
          <i
            className="absolute size-2.5 -translate-x-1/2 translate-y-1/2 rounded-full border-2 border-surface"
            style={{
              left,
              bottom: `${((value - bottom) / (top - bottom)) * 100}%`,
              background: trendColour(panel.id),
            }}
          />
        )
      }
    >
      <TrendPlot panel={panel} />
    </EpochMarks>
  );
}
