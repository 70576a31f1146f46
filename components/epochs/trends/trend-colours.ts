import { isScoreField } from "@signalbox/protocol/data/score";
import { seriesColour } from "@/lib/charts/style/series-colour";
import { scoreName } from "@/lib/predictions/scores/measure-value";
import type { TrendId } from "@/lib/predictions/trends/trend-measures";

const builtIns: Record<Exclude<TrendId, `scores.${string}`>, number> = {
  exact_match: 3,
  char_error_rate: 2,
  word_overlap: 1,
  length_ratio: 7,
  validation_pass: 5,
};

/** The fixed series colour of a measure; a score's follows from its name. */
export function trendColour(id: TrendId): string {
  return seriesVariable(isScoreField(id) ? seriesColour(scoreName(id)) : builtIns[id]);
}

export function seriesVariable(colour: number): string {
  return `var(--series-${colour})`;
}
