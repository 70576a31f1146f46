import { formatInteger, formatSeriesValue } from "../../../format/number.ts";
import type { PreparedSeries } from "../../series/prepare-series.ts";
import { type Column, columnLine } from "../../series/series-columns.ts";
import type { ReadingText } from "../panel-kind.ts";

/** `step 4,310` or `steps 4,304–4,319`. */
function formatSteps(column: Pick<Column, "stepFirst" | "stepLast">): string {
  return column.stepFirst === column.stepLast
    ? `step ${formatInteger(column.stepFirst)}`
    : `steps ${formatInteger(column.stepFirst)}–${formatInteger(column.stepLast)}`;
}

/** The exact values of one column, as the crosshair shows them. */
export function columnText(name: string, column: Column): ReadingText {
  const line = columnLine(column);
  const spread = column.max > column.min;
  const missing = column.nan > 0 ? "NaN" : column.infinite > 0 ? "∞" : "–";
  return {
    value: line === null ? missing : formatSeriesValue(name, line),
    at: formatSteps(column),
    range: spread
      ? `${formatSeriesValue(name, column.min)} … ${formatSeriesValue(name, column.max)}`
      : null,
  };
}

/** The last value, shown without a crosshair. */
export function lastValueText(name: string, series: PreparedSeries): ReadingText | null {
  if (!series.last) return null;
  return {
    value: formatSeriesValue(name, series.last.value),
    at: `step ${formatInteger(series.last.step)}`,
    range: null,
  };
}

/** A series in words, for screen readers. */
export function describeSeries(name: string, series: PreparedSeries): string {
  if (!series.last || series.stepMin === null || series.stepMax === null) {
    return `${name}: no values yet.`;
  }
  let lowest: Column | null = null;
  let highest: Column | null = null;
  let missing = 0;
  for (const column of series.columns) {
    missing += column.nan + column.infinite;
    if (column.max < column.min) continue;
    if (!lowest || column.min < lowest.min) lowest = column;
    if (!highest || column.max > highest.max) highest = column;
  }
  const parts = [
    `${name}: last ${formatSeriesValue(name, series.last.value)} at step ${formatInteger(series.last.step)}.`,
  ];
  if (lowest && highest) {
    parts.push(
      `Lowest ${formatSeriesValue(name, lowest.min)} at ${formatSteps(lowest)},`,
      `highest ${formatSeriesValue(name, highest.max)} at ${formatSteps(highest)}.`,
    );
  }
  if (missing > 0) {
    parts.push(
      `${formatInteger(missing)} ${missing === 1 ? "value is" : "values are"} not finite.`,
    );
  }
  return parts.join(" ");
}
