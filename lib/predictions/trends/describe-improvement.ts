import type { PredictionTrend } from "@signalbox/protocol/data/prediction";
import type { Better } from "@signalbox/protocol/data/score";
import {
  type Direction,
  direction,
  formatTrend,
  formatTrendChange,
  type TrendId,
  trendText,
  trendValue,
} from "./trend-measures.ts";

/** The change in error rate in a sentence, in percent from the first to the last epoch. */
export function describeImprovement(improvement: number | null, epochs: readonly number[]): string {
  if (epochs.length < 2) return "Improvement is shown from the second epoch on.";
  const between = `from epoch ${epochs[0]} to epoch ${epochs.at(-1)}`;
  if (improvement === null) return `The change in error rate ${between} is unknown.`;
  const size = `${Math.abs(improvement).toFixed(1)}%`;
  if (Math.abs(improvement) < 0.05) return `The character error rate did not change ${between}.`;
  return improvement > 0
    ? `The character error rate fell by ${size} ${between}.`
    : `The character error rate rose by ${size} ${between}.`;
}

export interface MeasureChange {
  direction: Direction;
  /** The signed difference of the means. */
  change: string;
  rose: boolean;
  sentence: string;
}

/** How the mean of a measure changed from the first to the last epoch that has one. */
export function describeChange(
  id: TrendId,
  trends: readonly PredictionTrend[],
  better?: Better,
): MeasureChange | null {
  const measured = trends.flatMap((trend) => {
    const value = trendValue(id, trend);
    return value === null ? [] : [{ epoch: trend.epoch, value }];
  });
  const [first, last] = [measured[0], measured.at(-1)];
  if (!first || !last || first === last) return null;
  const verb =
    last.value === first.value ? "stayed at" : last.value > first.value ? "rose" : "fell";
  const values =
    verb === "stayed at"
      ? formatTrend(id, first.value)
      : `from ${formatTrend(id, first.value)} to ${formatTrend(id, last.value)}`;
  return {
    direction: direction(id, first.value, last.value, better),
    change: formatTrendChange(id, first.value, last.value),
    rose: last.value > first.value,
    sentence: `The mean of ${trendText(id).title} ${verb} ${values} between epochs ${first.epoch} and ${last.epoch}.`,
  };
}
