import type { CsvValue } from "@signalbox/protocol/wire/csv";
import type { XAxis } from "../../axes/x-axis.ts";
import { columnLine } from "../../series/series-columns.ts";
import type { TableOptions } from "../panel-kind.ts";
import type { LinePicture, PanelLine } from "./line-picture.ts";

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
  // The mean of a group has no columns: its row has the position, the mean and the spread.
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
 * The rows of a line panel's CSV file, one for each bucket: zoomed in far enough, that is each raw
 * step. Numbers are not rounded; a bucket without a finite value has empty fields.
 */
export function lineTable(
  { axis, lines }: LinePicture,
  { labels, of }: TableOptions,
): CsvValue[][] {
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
  return [heading, ...rows];
}
