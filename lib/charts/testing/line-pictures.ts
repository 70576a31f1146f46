import type { XAxis } from "../axes/x-axis.ts";
import type { LinePicture } from "../kinds/line/line-picture.ts";
import type { PanelView } from "../kinds/panel-kind.ts";
import { mergeTail } from "../series/merge-tail.ts";
import { prepareSeries } from "../series/prepare-series.ts";
import type { ChartTheme } from "../style/chart-theme.ts";

/** A series with one value for each step, from step 0 on. */
export const seriesOf = (values: readonly number[]) =>
  prepareSeries(
    mergeTail(null, { steps: values.map((_, step) => step), values }, { maxColumns: 100 }),
  );

/** A panel with a line for each list of values; its x axis goes from 0 to 4. */
export const linePicture = (axis: XAxis, ...all: readonly number[][]): LinePicture => ({
  kind: "line",
  axis,
  range: { min: 0, max: 4 },
  lines: all.map((values, index) => ({ id: `s${index}`, series: seriesOf(values), scale: null })),
});

export const plainView: PanelView = {
  settings: {
    axis: "step",
    logX: false,
    logY: false,
    smoothing: "exponential",
    amount: 0,
    outliers: 0,
  },
  lineStyles: new Map(),
  highlighted: null,
  markers: [],
};

export const testTheme: ChartTheme = {
  lines: ["red", "green", "blue", "c4", "c5", "c6", "c7", "c8"],
  grid: "grid",
  axis: "axis",
  marker: "marker",
  markerText: "ink",
  surface: "surface",
  gap: "gap",
  fontFamily: "Inter",
};
