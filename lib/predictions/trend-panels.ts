import type { PredictionTrend } from "@signalbox/protocol/data/prediction";

const trendIds = ["exact", "error", "overlap", "ratio", "validation"] as const;
export type TrendId = (typeof trendIds)[number];

interface Measure {
  title: string;
  /** What the value means, in a sentence. */
  help: string;
  /** Which way is better; a length ratio is best at 1. */
  better: "up" | "down" | "one";
  percent: boolean;
  value: (trend: PredictionTrend) => number | null;
}

export const measures: Record<TrendId, Measure> = {
  exact: {
    title: "Exact match",
    help: "Share of samples answered exactly right.",
    better: "up",
    percent: true,
    value: (trend) => trend.avg_exact_match,
  },
  error: {
    title: "Character error rate",
    help: "Edits per character of the ground truth: the mean, and the range from best to worst sample.",
    better: "down",
    percent: false,
    value: (trend) => trend.avg_char_error_rate,
  },
  overlap: {
    title: "Word overlap",
    help: "Share of an answer's words found in the ground truth.",
    better: "up",
    percent: true,
    value: (trend) => trend.avg_word_overlap,
  },
  ratio: {
    title: "Length ratio",
    help: "Answer length divided by ground-truth length; 1 means equal length.",
    better: "one",
    percent: false,
    value: (trend) => trend.avg_length_ratio,
  },
  validation: {
    title: "Validation passed",
    help: "Share of answers that passed the trainer's validation.",
    better: "up",
    percent: true,
    value: (trend) => trend.validation_pass_rate,
  },
};

export interface TrendPoint {
  epoch: number;
  value: number | null;
  /** The lowest and highest value, where the measure has a band. */
  band: [number, number] | null;
}

export interface TrendPanel {
  id: TrendId;
  points: TrendPoint[];
  /** The range of the y axis. */
  domain: [number, number];
  ticks: number[];
}

function bandOf(id: TrendId, trend: PredictionTrend): [number, number] | null {
  const { min_char_error_rate: min, max_char_error_rate: max } = trend;
  return id === "error" && min !== null && max !== null ? [min, max] : null;
}

/** The next axis limit at or above `value`: 1, 1.5, 2, 3, 4, 6, 8 × a power of ten. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 1.5, 2, 3, 4, 6, 8, 10];
  return (steps.find((step) => step * power >= value - 1e-9) ?? 10) * power;
}

/**
 * The upper axis limit: above every mean and the median of the band. Single worst samples may
 * exceed it; they would flatten the rest.
 */
function highest(points: readonly TrendPoint[]): number {
  const tops = points.flatMap(({ band }) => (band ? [band[1]] : [])).sort((a, b) => a - b);
  const medianTop = tops[Math.floor(tops.length / 2)] ?? 0;
  return Math.max(medianTop, ...points.map(({ value }) => value ?? 0));
}

/** The panels that have data, with the ranges of their axes. */
export function trendPanels(trends: readonly PredictionTrend[]): TrendPanel[] {
  return trendIds.flatMap((id) => {
    const { value, percent } = measures[id];
    const points = trends.map((trend) => ({
      epoch: trend.epoch,
      value: value(trend),
      band: bandOf(id, trend),
    }));
    if (points.every((point) => point.value === null)) return [];
    const top = percent ? 1 : roundUp(Math.max(highest(points), id === "ratio" ? 1 : 0.1));
    return [{ id, points, domain: [0, top] as [number, number], ticks: [0, top / 2, top] }];
  });
}

export type Direction = "better" | "worse" | "same";

/** Whether a measure got better between two values. */
export function direction(id: TrendId, before: number, now: number): Direction {
  const { better } = measures[id];
  const worth = (value: number) =>
    better === "up" ? value : better === "down" ? -value : -Math.abs(value - 1);
  const gain = worth(now) - worth(before);
  return Math.abs(gain) < 1e-12 ? "same" : gain > 0 ? "better" : "worse";
}

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
