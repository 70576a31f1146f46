"use client";

import type { PredictionTrendsReply } from "@signalbox/protocol/data/prediction";
import { useCallback, useMemo } from "react";
import type { EpochChoice } from "@/lib/predictions/epoch-choice";
import { trendPanels } from "@/lib/predictions/trend-panels";
import { TrendCard } from "./trend-card";

interface TrendsSectionProps {
  data: PredictionTrendsReply;
  choice: EpochChoice;
  onEpoch: (epoch: number) => void;
}

/** The quality of the answers per epoch, one chart per measure. */
export function TrendsSection({ data, choice, onEpoch }: TrendsSectionProps) {
  const { trends } = data;
  const panels = useMemo(() => trendPanels(trends), [trends]);
  const pick = useCallback((epoch: number) => onEpoch(epoch), [onEpoch]);
  if (panels.length === 0) {
    return (
      <p className="rounded-lg border border-line px-3 py-2 text-sm text-muted">
        These predictions have no ground truth, so they can be compared but not scored. Send{" "}
        <code className="text-ink">ground_truth</code> with predictions to see trends.
      </p>
    );
  }
  return (
    <section
      aria-label="Trends"
      className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,14.5rem),1fr))] gap-3"
    >
      {panels.map((panel) => (
        <TrendCard
          key={panel.id}
          panel={panel}
          epoch={choice.epoch}
          compare={choice.compare}
          onEpoch={pick}
        />
      ))}
    </section>
  );
}
