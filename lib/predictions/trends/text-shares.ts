import type { PredictionTrend } from "@signalbox/protocol/data/prediction";
import type { ScoreField, ScoreInfo } from "@signalbox/protocol/data/score";
import { ownValue } from "@signalbox/protocol/wire/json";
import { otherColour, type TextValue, textValues } from "../scores/text-values.ts";

export interface SharePoint {
  epoch: number;
  /** The number of samples with a text. */
  count: number;
  /** The share of each of the panel's texts; they add up to 1, or are empty without samples. */
  shares: readonly number[];
}

/** A text score over the epochs: the share of each text. */
export interface SharePanel {
  id: ScoreField;
  /** In the order of the stack, from the bottom. */
  values: readonly ShareValue[];
  points: SharePoint[];
}

export interface ShareValue extends Omit<TextValue, "text"> {
  /** Null for all texts that are not told apart. */
  text: string | null;
}

type Counts = ReadonlyMap<string | null, number>;

/** The counts of a text score at an epoch; null is all texts beyond its categories. */
function countsOf(name: string, trend: PredictionTrend): Counts {
  const summary = ownValue(trend.scores, name);
  if (!summary || !("counts" in summary)) return new Map();
  const counts = new Map<string | null, number>(Object.entries(summary.counts));
  if (summary.other > 0) counts.set(null, summary.other);
  return counts;
}

export function sharePanel(
  { name, categories }: Pick<ScoreInfo, "name" | "categories">,
  trends: readonly PredictionTrend[],
): SharePanel {
  const perEpoch = trends.map((trend) => countsOf(name, trend));
  const values: ShareValue[] = textValues(categories);
  const known = new Set<string | null>(values.map(({ text }) => text));
  const hasOthers = perEpoch.some((counts) => [...counts.keys()].some((text) => !known.has(text)));
  if (hasOthers) values.push({ text: null, colour: otherColour });
  const points = trends.map(({ epoch }, index) => {
    const counts: Counts = perEpoch[index] ?? new Map();
    const count = [...counts.values()].reduce((sum, each) => sum + each, 0);
    return { epoch, count, shares: count === 0 ? [] : sharesOf(values, counts, count) };
  });
  return { id: `scores.${name}`, values, points };
}

function sharesOf(values: readonly ShareValue[], counts: Counts, count: number): number[] {
  const named = values.map(({ text }) => (text === null ? 0 : (counts.get(text) ?? 0)));
  const known = named.reduce((sum, each) => sum + each, 0);
  return values.map(({ text }, at) => (text === null ? count - known : (named[at] ?? 0)) / count);
}

/** The most frequent text of an epoch, as its place among the panel's texts. */
export function topShare({ shares }: SharePoint): number | null {
  let top: number | null = null;
  shares.forEach((share, at) => {
    if (top === null || share > (shares[top] ?? 0)) top = at;
  });
  return top;
}

/** Where each epoch's bar lies on an axis from the first epoch (0) to the last (1). */
export function barEdges(epochs: readonly number[]): { from: number; to: number }[] {
  const [first = 0, last = 0] = [epochs[0], epochs.at(-1)];
  if (first === last) return epochs.map(() => ({ from: 0, to: 1 }));
  const at = (epoch: number) => (epoch - first) / (last - first);
  return epochs.map((epoch, index) => {
    const [before, after] = [epochs[index - 1], epochs[index + 1]];
    return {
      from: before === undefined ? 0 : at((before + epoch) / 2),
      to: after === undefined ? 1 : at((after + epoch) / 2),
    };
  });
}
