import type { PreparedSeries } from "./prepare-series.ts";
import { columnLine } from "./series-columns.ts";
import type { XAxis } from "./x-axis.ts";

const xHeading: Record<XAxis, string | null> = {
  step: null,
  epoch: "epoch",
  relative: "seconds_since_start",
  wall: "time",
};

function xField(axis: XAxis, x: number): string {
  return axis === "wall" ? new Date(x * 1000).toISOString() : String(x);
}

/**
 * What a panel shows as CSV (RFC 4180), a row a bucket: close up, every raw step has its own.
 * Figures are whole; a bucket without a finite value has empty fields.
 */
export function chartCsv(series: PreparedSeries, axis: XAxis): string {
  const extra = xHeading[axis];
  const heading = ["step_first", "step_last", ...(extra ? [extra] : [])];
  const rows = [[...heading, "value", "min", "max", "last", "count", "not_finite"].join(",")];
  for (const [index, column] of series.columns.entries()) {
    const finite = column.max >= column.min;
    const x = series.x[index];
    rows.push(
      [
        column.stepFirst,
        column.stepLast,
        ...(extra && x !== undefined ? [xField(axis, x)] : []),
        columnLine(column) ?? "",
        finite ? column.min : "",
        finite ? column.max : "",
        column.last,
        column.count,
        column.nan + column.infinite,
      ].join(","),
    );
  }
  return `${rows.join("\r\n")}\r\n`;
}
