import type { PredictionTrend } from "@signalbox/protocol/data/prediction";
import { isScoreField } from "@signalbox/protocol/data/score";
import { yRange } from "../../charts/axes/y-range.ts";
import { isShare, type TrendId, trendBand, trendValue } from "./trend-measures.ts";

export interface TrendPoint {
  epoch: number;
  value: number | null;
  /** The lowest and highest value, where the measure has a band. */
  band: [number, number] | null;
}

/** A measure over the epochs: the mean, and the range where it has one. */
export interface TrendPanel {
  id: TrendId;
  points: TrendPoint[];
  /** The range of the y axis. */
  domain: [number, number];
  ticks: number[];
}

export function trendPanel(id: TrendId, trends: readonly PredictionTrend[]): TrendPanel {
  const points = trends.map((trend) => ({
    epoch: trend.epoch,
    value: trendValue(id, trend),
    band: trendBand(id, trend),
  }));
  return { id, points, ...(isScoreField(id) ? scoreAxis(points) : builtInAxis(id, points)) };
}

type Axis = Pick<TrendPanel, "domain" | "ticks">;

/** The next axis limit at or above `value`: 1, 1.5, 2, 3, 4, 6, 8 × a power of ten. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 1.5, 2, 3, 4, 6, 8, 10];
  return (steps.find((step) => step * power >= value - 1e-9) ?? 10) * power;
}

/**
 * The range to show: every mean, and the median of the band's ends. Single worst samples may exceed
 * it; they would flatten the rest.
 */
function spread(points: readonly TrendPoint[]): { low: number; high: number } | null {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length === 0) return null;
  const median = (end: 0 | 1) => {
    const ends = points.flatMap(({ band }) => (band ? [band[end]] : [])).sort((a, b) => a - b);
    return ends[Math.floor(ends.length / 2)];
  };
  return {
    low: Math.min(median(0) ?? Number.POSITIVE_INFINITY, ...values),
    high: Math.max(median(1) ?? Number.NEGATIVE_INFINITY, ...values),
  };
}

/** Shares run to 1; the others start at 0. */
function builtInAxis(id: TrendId, points: readonly TrendPoint[]): Axis {
  const least = id === "length_ratio" ? 1 : 0.1;
  const top = isShare(id) ? 1 : roundUp(Math.max(spread(points)?.high ?? 0, least));
  return { domain: [0, top], ticks: [0, top / 2, top] };
}

/** A score may be of any size: its axis starts at 0 unless that would flatten the line. */
function scoreAxis(points: readonly TrendPoint[]): Axis {
  const range = spread(points);
  if (!range) return { domain: [0, 1], ticks: [0, 1] };
  const { low, high } = range;
  const [from, to] =
    low === high
      ? yRange(low, high)
      : low >= 0 && low < high * 0.75
        ? [0, high]
        : high <= 0 && high > low * 0.75
          ? [low, 0]
          : [low, high];
  const gap = niceGap((to - from) / 3);
  const bottom = Math.floor(from / gap + 1e-9) * gap;
  const steps = Math.max(1, Math.ceil((to - bottom) / gap - 1e-9));
  const ticks = Array.from({ length: steps + 1 }, (_, index) =>
    Number((bottom + index * gap).toPrecision(12)),
  );
  return { domain: [ticks[0] ?? from, ticks.at(-1) ?? to], ticks };
}

/** The next 1, 2 or 5 × a power of ten at or above `least`. */
function niceGap(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((step) => step * power >= least * (1 - 1e-9)) ?? 10) * power;
}
