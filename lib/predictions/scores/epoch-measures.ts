import type { PredictionTrendsReply } from "@signalbox/protocol/data/prediction";
import {
  type Better,
  betterDirection,
  type MeasureField,
  type ScoreField,
  type ScoreInfo,
} from "@signalbox/protocol/data/score";
import { listTrends, type TrendId, trendValue } from "../trends/trend-measures.ts";

/** What the predictions of a run can be looked at by. */
export interface EpochMeasures {
  /** Numbers first, then texts, each in the order in which they came. */
  scores: readonly ScoreInfo[];
  /** What has a chart. */
  trends: readonly TrendId[];
  /** Whether answers were compared with a ground truth. */
  scored: boolean;
  validated: boolean;
}

/** A run with more charts shows the first ones. */
const chartsByDefault = 8;

export function epochMeasures({
  trends,
  scores,
}: Pick<PredictionTrendsReply, "trends" | "scores">): EpochMeasures {
  const ordered = scores.toSorted((a, b) => Number(a.kind === "text") - Number(b.kind === "text"));
  return {
    scores: ordered,
    trends: listTrends(trends, ordered),
    scored: trends.some(({ scored_count }) => scored_count > 0),
    validated: trends.some((trend) => trendValue("validation_pass", trend) !== null),
  };
}

/** The charts to show: those asked for that the run has, else the first ones. */
export function shownTrends(
  { trends }: Pick<EpochMeasures, "trends">,
  asked: readonly TrendId[] | null,
): readonly TrendId[] {
  return asked ? trends.filter((id) => asked.includes(id)) : trends.slice(0, chartsByDefault);
}

function scoreField({ name }: ScoreInfo): ScoreField {
  return `scores.${name}`;
}

/** The measures that answers can be compared by, the usual one first. */
export function comparableMeasures(measures: EpochMeasures): MeasureField[] {
  const { scores, scored, validated } = measures;
  return [
    ...(scored ? (["char_error_rate", "exact_match", "word_overlap"] as const) : []),
    ...scores.filter(({ kind }) => kind === "number").map(scoreField),
    ...(validated ? (["validation_pass"] as const) : []),
  ];
}

/** What answers are compared by, and which values of it are better. */
export interface Comparing {
  by: MeasureField;
  better: Better;
}

/** The measure asked for, else the error rate, or the first score of a run without ground truth. */
export function chooseComparing(
  measures: EpochMeasures,
  asked: { by: MeasureField | null; better: Better | null },
): Comparing {
  const by = asked.by ?? comparableMeasures(measures)[0] ?? "char_error_rate";
  return { by, better: asked.better ?? betterDirection(by) };
}
