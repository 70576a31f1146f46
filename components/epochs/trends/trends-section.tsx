"use client";

import type { PredictionTrend } from "@signalbox/protocol/data/prediction";
import { type Better, betterDirection, type ScoreInfo } from "@signalbox/protocol/data/score";
import { memo, useMemo } from "react";
import type { EpochChoice } from "@/lib/predictions/epoch-choice";
import type { Comparing } from "@/lib/predictions/scores/epoch-measures";
import { sharePanel } from "@/lib/predictions/trends/text-shares";
import type { TrendId } from "@/lib/predictions/trends/trend-measures";
import { trendPanel } from "@/lib/predictions/trends/trend-panels";
import { MeasureCard } from "./measure-card";
import { ShareCard } from "./share-card";

interface TrendsSectionProps {
  trends: readonly PredictionTrend[];
  scores: readonly ScoreInfo[];
  /** The measures and scores to show, in their order. */
  shown: readonly TrendId[];
  comparing: Comparing;
  choice: EpochChoice;
  onEpoch: (epoch: number) => void;
}

/** The quality of the answers per epoch, one chart per measure. */
export function TrendsSection(props: TrendsSectionProps) {
  const { trends, scores, shown, comparing, choice, onEpoch } = props;
  return (
    <section
      aria-label="Trends"
      className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,14.5rem),1fr))] gap-3"
    >
      {shown.map((id) => (
        <TrendCardOf
          key={id}
          id={id}
          trends={trends}
          text={scores.find(({ name, kind }) => kind === "text" && `scores.${name}` === id)}
          better={id === comparing.by ? comparing.better : betterDirection(id)}
          epoch={choice.epoch}
          compare={choice.compare}
          onEpoch={onEpoch}
        />
      ))}
    </section>
  );
}

interface TrendCardOfProps {
  id: TrendId;
  trends: readonly PredictionTrend[];
  /** Set where the score is a text. */
  text: ScoreInfo | undefined;
  better: Better;
  epoch: number;
  compare: number | null;
  onEpoch: (epoch: number) => void;
}

const TrendCardOf = memo(function TrendCardOf(props: TrendCardOfProps) {
  const { id, trends, text, better, ...rest } = props;
  const shares = useMemo(() => (text ? sharePanel(text, trends) : null), [text, trends]);
  const panel = useMemo(() => (text ? null : trendPanel(id, trends)), [text, id, trends]);
  if (shares) return <ShareCard panel={shares} {...rest} />;
  return panel ? <MeasureCard panel={panel} better={better} {...rest} /> : null;
});
