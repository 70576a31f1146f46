"use client";

import type { MouseEvent } from "react";
import { cn } from "@/components/ui/cn";
import { nearestIndex } from "@/lib/predictions/epoch-choice";
import type { TrendPanel } from "@/lib/predictions/trend-panels";
import { trendColours } from "./trend-colours";
import { epochDomain, plotMargin, TrendPlot } from "./trend-plot";

export interface TrendChartProps {
  panel: TrendPanel;
  epoch: number;
  compare: number | null;
  onEpoch: (epoch: number) => void;
}

/**
 * One measure over the epochs; a click selects an epoch. The markers overlay the plot, so that
 * scrubbing does not redraw the chart.
 */
export function TrendChart({ panel, epoch, compare, onEpoch }: TrendChartProps) {
  const [first, last] = epochDomain(panel);
  const [bottom, top] = panel.domain;
  const share = (at: number) => (at - first) / (last - first);
  const value = panel.points.find((point) => point.epoch === epoch)?.value ?? null;
  const pick = (event: MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const plot = box.width - plotMargin.left - plotMargin.right;
    const at = first + ((event.clientX - box.left - plotMargin.left) / plot) * (last - first);
    const epochs = panel.points.map((point) => point.epoch);
    const picked = epochs[nearestIndex(epochs, at)];
    if (picked !== undefined) onEpoch(picked);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a short cut to the scrubber.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the scrubber and the table have the keys.
    <div className="relative h-full" onClick={pick}>
      <TrendPlot panel={panel} />
      <div aria-hidden className="pointer-events-none absolute" style={plotMargin}>
        {compare === null ? null : <Mark left={share(compare)} dashed />}
        <Mark left={share(epoch)} />
        {value === null ? null : (
          <i
            className="absolute size-2.5 -translate-x-1/2 translate-y-1/2 rounded-full border-2 border-surface"
            style={{
              left: `${share(epoch) * 100}%`,
              bottom: `${((value - bottom) / (top - bottom)) * 100}%`,
              background: trendColours[panel.id],
            }}
          />
        )}
      </div>
    </div>
  );
}

function Mark({ left, dashed = false }: { left: number; dashed?: boolean }) {
  return (
    <i
      className={cn(
        "absolute inset-y-0 border-l border-accent-ink",
        dashed && "border-dashed opacity-80",
      )}
      style={{ left: `${left * 100}%` }}
    />
  );
}
