import { formatPercent } from "@/lib/format/number";
import { measures, type TrendId } from "@/lib/predictions/trend-panels";

/** Formats a value of a measure: shares in percent, others with three decimals. */
export function formatMeasure(id: TrendId, value: number, short = false): string {
  if (measures[id].percent) return formatPercent(value, short ? 0 : 1);
  return short ? String(Number(value.toPrecision(3))) : value.toFixed(3);
}

/** The signed difference of two values. */
export function formatDifference(id: TrendId, before: number, now: number): string {
  const sign = now < before ? "−" : "+";
  const size = Math.abs(now - before);
  return measures[id].percent
    ? `${sign}${(size * 100).toFixed(1)} pts`
    : `${sign}${size.toFixed(3)}`;
}
