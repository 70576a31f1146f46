import type { PredictionTrend } from "@signalbox/protocol/data/prediction";
import {
  type Better,
  betterDirection,
  isScoreField,
  type Measure,
  type ScoreField,
  type ScoreInfo,
} from "@signalbox/protocol/data/score";
import { ownValue } from "@signalbox/protocol/wire/json";
import { formatMetric, formatPercent, formatTicks } from "../../format/number.ts";
import { measureTitle, scoreName } from "../scores/measure-value.ts";

/** The built-in measures that have a mean over an epoch, in their order on the page. */
const trendMeasures = [
  "exact_match",
  "char_error_rate",
  "word_overlap",
  "length_ratio",
  "validation_pass",
] as const satisfies readonly Measure[];
type TrendMeasure = (typeof trendMeasures)[number];
/** What has a chart over the epochs: a built-in measure or a score. */
export type TrendId = TrendMeasure | ScoreField;

export function isTrendId(text: string): text is TrendId {
  return isScoreField(text) || trendMeasures.some((id) => id === text);
}

interface TrendText {
  title: string;
  /** What the value means, in a sentence. */
  help: string;
}

interface BuiltIn extends TrendText {
  /** A share, shown in percent. */
  percent: boolean;
  value: (trend: PredictionTrend) => number | null;
}

const builtIns: Record<TrendMeasure, BuiltIn> = {
  exact_match: {
    title: "Exact match",
    help: "Share of samples answered exactly right.",
    percent: true,
    value: (trend) => trend.avg_exact_match,
  },
  char_error_rate: {
    title: "Character error rate",
    help: "Edits per character of the ground truth: the mean, and the range from best to worst sample.",
    percent: false,
    value: (trend) => trend.avg_char_error_rate,
  },
  word_overlap: {
    title: "Word overlap",
    help: "Share of an answer's words found in the ground truth.",
    percent: true,
    value: (trend) => trend.avg_word_overlap,
  },
  length_ratio: {
    title: "Length ratio",
    help: "Answer length divided by ground-truth length; 1 means equal length.",
    percent: false,
    value: (trend) => trend.avg_length_ratio,
  },
  validation_pass: {
    title: "Validation passed",
    help: "Share of answers that passed the trainer's validation.",
    percent: true,
    value: (trend) => trend.validation_pass_rate,
  },
};

/** The title of a chart, and what its values mean. */
export function trendText(id: TrendId): TrendText {
  if (!isScoreField(id)) return builtIns[id];
  return {
    title: measureTitle(id),
    help: "A score sent with the predictions: the mean, and the range from lowest to highest sample.",
  };
}

export function isShare(id: TrendId): boolean {
  return !isScoreField(id) && builtIns[id].percent;
}

/** The mean of a measure at an epoch; null where nothing was measured. */
export function trendValue(id: TrendId, trend: PredictionTrend): number | null {
  if (!isScoreField(id)) return builtIns[id].value(trend);
  const summary = ownValue(trend.scores, scoreName(id));
  return summary && "mean" in summary ? summary.mean : null;
}

/** The lowest and highest value at an epoch, where the measure has a band. */
export function trendBand(id: TrendId, trend: PredictionTrend): [number, number] | null {
  const { min_char_error_rate, max_char_error_rate } = trend;
  const summary = isScoreField(id) ? ownValue(trend.scores, scoreName(id)) : undefined;
  const [min, max] =
    id === "char_error_rate"
      ? [min_char_error_rate, max_char_error_rate]
      : summary && "mean" in summary
        ? [summary.min, summary.max]
        : [null, null];
  return min === null || max === null ? null : [min, max];
}

/** The measures and scores of a run that have a chart: quality, the scores as given, the rest. */
export function listTrends(
  trends: readonly PredictionTrend[],
  scores: readonly ScoreInfo[],
): TrendId[] {
  const measured = trendMeasures.filter((id) =>
    trends.some((each) => trendValue(id, each) !== null),
  );
  const late = (id: TrendMeasure) => id === "length_ratio" || id === "validation_pass";
  return [
    ...measured.filter((id) => !late(id)),
    ...scores.map(({ name }): ScoreField => `scores.${name}`),
    ...measured.filter(late),
  ];
}

export type Direction = "better" | "worse" | "same";

/** Whether a measure got better between two values; a length ratio is best at 1. */
export function direction(
  id: TrendId,
  before: number,
  now: number,
  better: Better = betterDirection(id),
): Direction {
  const worth = (value: number) =>
    id === "length_ratio" ? -Math.abs(value - 1) : better === "lower" ? -value : value;
  const gain = worth(now) - worth(before);
  return Math.abs(gain) < 1e-12 ? "same" : gain > 0 ? "better" : "worse";
}

/** Formats a value of a measure: shares in percent, built-in figures with three decimals. */
export function formatTrend(id: TrendId, value: number): string {
  if (isScoreField(id)) return formatMetric(value);
  return isShare(id) ? formatPercent(value, 1) : value.toFixed(3);
}

/** The signed difference of two values. */
export function formatTrendChange(id: TrendId, before: number, now: number): string {
  const sign = now < before ? "−" : "+";
  const size = Math.abs(now - before);
  if (isShare(id)) return `${sign}${(size * 100).toFixed(1)} pts`;
  return sign + formatTrend(id, size);
}

/** The labels of an axis. */
export function formatTrendTicks(id: TrendId, ticks: readonly number[]): string[] {
  if (isShare(id)) return ticks.map((tick) => formatPercent(tick));
  if (isScoreField(id)) return formatTicks(ticks, (ticks[1] ?? 1) - (ticks[0] ?? 0));
  return ticks.map((tick) => String(Number(tick.toPrecision(3))));
}
