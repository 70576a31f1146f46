import { type CsvValue, csvText } from "@signalbox/protocol/csv";
import type { XAxis } from "../axes/x-axis.ts";
import type { PanelLine, PanelPicture } from "../panels/panel-store.ts";
import { columnLine } from "../series/series-columns.ts";

const xHeading: Record<XAxis, string | null> = {
  step: null,
  epoch: "epoch",
  relative: "seconds_since_start",
  wall: "time",
};

function xField(axis: XAxis, x: number): CsvValue {
  return axis === "wall" ? new Date(x * 1000).toISOString() : x;
}

function lineRows({ series }: PanelLine, axis: XAxis): CsvValue[][] {
  const other = xHeading[axis] !== null;
  const place = (x: number | undefined) => (other && x !== undefined ? [xField(axis, x)] : []);
  // The mean of a group has no columns of its own: a place, the mean and its spread.
  if (series.columns.length === 0) {
    return series.x.map((x, index) => {
      const step = axis === "step" ? x : "";
      const [low, high] = [series.low[index] ?? "", series.high[index] ?? ""];
      return [step, step, ...place(x), series.line[index] ?? "", low, high, "", "", ""];
    });
  }
  return series.columns.map((column, index) => {
    const finite = column.max >= column.min;
    return [
      column.stepFirst,
      column.stepLast,
      ...place(series.x[index]),
      columnLine(column) ?? "",
      finite ? column.min : "",
      finite ? column.max : "",
      column.last,
      column.count,
      column.nan + column.infinite,
    ];
  });
}

/**
 * What a panel shows as CSV, a row a bucket: close up, every raw step has its own. Figures are
 * whole; a bucket without a finite value has empty fields. Of several lines each row begins with
 * its line's label, under the heading `of`.
 */
export function chartCsv(
  { axis, lines }: PanelPicture,
  labels: ReadonlyMap<string, string> | null = null,
  of = "series",
): string {
  const extra = xHeading[axis];
  const heading = [
    ...(labels ? [of] : []),
    "step_first",
    "step_last",
    ...(extra ? [extra] : []),
    ...["value", "min", "max", "last", "count", "not_finite"],
  ];
  const rows = lines.flatMap((line) => {
    const own = lineRows(line, axis);
    return labels ? own.map((row) => [labels.get(line.id) ?? line.id, ...row]) : own;
  });
  return csvText([heading, ...rows]);
}
