import type { XAxis, XRange, XScale } from "../../axes/x-axis.ts";
import type { PreparedSeries } from "../../series/prepare-series.ts";

/** One line of a panel: a series of a run, or the mean of a group of them. */
export interface PanelLine {
  id: string;
  series: PreparedSeries;
  /** Maps its steps to the axis; null for the mean of a group. */
  scale: XScale | null;
}

/** What a line panel shows now; a new object with every change. */
export interface LinePicture {
  kind: "line";
  axis: XAxis;
  range: XRange;
  lines: readonly PanelLine[];
}
