import type { XAxis } from "../axes/x-axis.ts";
import type { LinePicture, PanelLine } from "../kinds/line/line-picture.ts";
import type { PanelView } from "../kinds/panel-kind.ts";
import { mergeTail } from "../series/merge-tail.ts";
import { prepareSeries } from "../series/prepare-series.ts";
import type { ChartTheme } from "../style/chart-theme.ts";

/** A series of points, each a step and a value. */
export const seriesOfPoints = (points: readonly (readonly [step: number, value: number])[]) =>
  prepareSeries(
    mergeTail(
      null,
      { steps: points.map(([step]) => step), values: points.map(([, value]) => value) },
      { maxColumns: 1000 },
    ),
  );

/** A series with one value for each step, from step 0 on. */
export const seriesOf = (values: readonly number[]) =>
  seriesOfPoints(values.map((value, step) => [step, value] as const));

/** A line with a value for each of the given steps. */
export const lineOf = (id: string, points: Record<number, number>): PanelLine => ({
  id,
  scale: null,
  series: seriesOfPoints(Object.entries(points).map(([step, value]) => [Number(step), value])),
});

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
