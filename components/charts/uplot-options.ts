import type uPlot from "uplot";
import {
  formatClock,
  formatElapsed,
  secondIncrements,
  stepIncrements,
} from "@/lib/charts/axis-ticks";
import type { Marker } from "@/lib/charts/markers";
import type { PreparedSeries } from "@/lib/charts/prepare-series";
import type { XAxis, XRange } from "@/lib/charts/x-axis";
import { logRange, yRange } from "@/lib/charts/y-range";
import { formatByteTicks, formatTicks } from "@/lib/format/number";
import type { ChartTheme } from "./chart-theme";
import type { CursorCell } from "./cursor-cell";
import { drawBeyond, drawGaps, drawMarkers } from "./draw-marks";

/** What the drawing hooks read at the time they run, so that new data needs no new chart. */
export interface PanelState {
  series: PreparedSeries;
  /** With their places on the x axis for steps. */
  markers: readonly Marker[];
  /** What the y axis shows where outliers are left out. */
  yBounds: XRange | null;
  /** A dragged range; null: back to what was shown before. */
  onZoom: (range: XRange | null) => void;
}

interface PanelOptions {
  width: number;
  height: number;
  theme: ChartTheme;
  axis: XAxis;
  logX: boolean;
  logY: boolean;
  /** The values are bytes: ticks stand at powers of two. */
  bytes: boolean;
  /** A smoothed line is drawn in front, the measured one recedes. */
  smoothed: boolean;
  syncKey: string;
  cursor: CursorCell;
  state: () => PanelState;
}

function axis(theme: ChartTheme, extra: uPlot.Axis): uPlot.Axis {
  return {
    stroke: theme.axis,
    font: theme.font,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { show: false },
    values: (_, splits, __, ___, increment) => formatTicks(splits, increment),
    ...extra,
  };
}

/** uPlot leaves out the ticks between decades where they are too close: those are null. */
function logTicks(_: uPlot, splits: readonly (number | null)[]): string[] {
  return splits.map((split) => {
    if (split === null) return "";
    const value = Number(split.toPrecision(2));
    return formatTicks([value], value)[0] ?? "";
  });
}

const byteAxis: uPlot.Axis = {
  incrs: Array.from({ length: 50 }, (_, power) => 2 ** power),
  values: (_, splits, __, ___, increment) => formatByteTicks(splits, increment),
};

function xAxis(kind: XAxis, logarithmic: boolean): uPlot.Axis {
  if (logarithmic) return { values: logTicks };
  switch (kind) {
    case "step":
      return { incrs: stepIncrements };
    case "epoch":
      return {};
    case "relative":
      return { incrs: secondIncrements, values: (_, splits) => splits.map(formatElapsed) };
    case "wall":
      return {
        values: (_, splits, __, ___, increment) =>
          splits.map((split) => formatClock(split, increment)),
      };
  }
}

/** Room for the widest figure on the y axis. */
function axisWidth(_: uPlot, values: string[] | null): number {
  const longest = Math.max(0, ...(values ?? []).map((value) => value?.length ?? 0));
  return Math.max(30, 12 + longest * 6.4);
}

/** Only moves are shared between panels: a drag in one must not select in all. */
const shared = (type: string) => type === "mousemove" || type === "mouseleave";

/** The options of a live panel: mean line in front of its min–max band, crosshair, drag to zoom. */
export function panelOptions({
  width,
  height,
  theme,
  axis: kind,
  logX,
  logY,
  bytes,
  smoothed,
  syncKey,
  cursor,
  state,
}: PanelOptions): uPlot.Options {
  const edge: uPlot.Series = { stroke: theme.edge, width: 1, points: { show: false } };
  return {
    width,
    height,
    padding: [8, 14, 0, 0],
    legend: { show: false },
    scales: {
      x: {
        time: kind === "wall",
        auto: false,
        distr: logX ? 3 : 1,
        range: (_, min, max) => [min, max],
      },
      y: {
        distr: logY ? 3 : 1,
        range: (_, min, max) => {
          const bounds = state().yBounds ?? { min, max };
          return (logY ? logRange : yRange)(bounds.min, bounds.max);
        },
      },
    },
    axes: [
      axis(theme, {
        size: 24,
        gap: 6,
        space: 56,
        grid: { show: false },
        ...xAxis(kind, logX),
      }),
      axis(theme, {
        size: axisWidth,
        ...(logY ? { values: logTicks } : bytes ? byteAxis : {}),
        gap: 6,
        space: 32,
      }),
    ],
    series: [
      {},
      {
        stroke: theme.line,
        width: smoothed ? 1 : 1.5,
        alpha: smoothed ? 0.4 : 1,
        points: {
          show: true,
          size: 4.5,
          fill: theme.line,
          stroke: theme.line,
          filter: () => state().series.dots,
        },
      },
      edge,
      edge,
      { show: smoothed, stroke: theme.line, width: 1.75, points: { show: false } },
    ],
    bands: [{ series: [3, 2], fill: theme.band }],
    cursor: {
      y: false,
      points: { size: hoverSize, fill: theme.line, width: 0, show: hoverPoint },
      drag: { x: true, y: false, setScale: false, dist: 4 },
      sync: { key: syncKey, scales: ["x", null], setSeries: false, filters: { pub: shared } },
      bind: {
        // With shift it is the picture that moves.
        mousedown: (_, __, select) => (event) => (event.shiftKey ? null : select(event)),
        dblclick: () => () => {
          state().onZoom(null);
          return null;
        },
      },
    },
    hooks: {
      draw: [
        (chart) => {
          drawMarkers(chart, theme, state().markers);
          drawGaps(chart, theme, state().series.gaps);
          if (state().yBounds) drawBeyond(chart, theme, state().series);
        },
      ],
      setLegend: [(chart) => cursor.set(chart.cursor.idx ?? null)],
      setCursor: [
        (chart) => {
          if ((chart.cursor.left ?? -1) < 0) cursor.set(null);
        },
      ],
      setSelect: [
        (chart) => {
          const { left, width: selected } = chart.select;
          if (selected < 4) return;
          const min = chart.posToVal(left, "x");
          const max = chart.posToVal(left + selected, "x");
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          if (max > min) state().onZoom({ min, max });
        },
      ],
    },
  };
}

const hoverSize = 7;

/** A hover dot on the line only: the band's edges have none. */
function hoverPoint(_: uPlot, index: number): HTMLElement {
  const dot = document.createElement("div");
  if (index !== 1) dot.style.display = "none";
  const size = `${hoverSize}px`;
  const margin = `${-hoverSize / 2}px`;
  Object.assign(dot.style, { width: size, height: size, marginLeft: margin, marginTop: margin });
  return dot;
}
