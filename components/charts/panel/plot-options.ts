import type uPlot from "uplot";
import {
  formatClock,
  formatElapsed,
  secondIncrements,
  stepIncrements,
} from "@/lib/charts/axes/axis-ticks";
import type { XAxis, XRange } from "@/lib/charts/axes/x-axis";
import { drawOnCanvas } from "@/lib/charts/drawing/canvas-pen";
import { drawPanel, type PanelPicture, type PreparedPanel } from "@/lib/charts/kinds/panel-kinds";
import type { PanelSettings } from "@/lib/charts/panels/panel-settings";
import type { ChartTheme } from "@/lib/charts/style/chart-theme";
import { formatByteTicks, formatTicks } from "@/lib/format/number";
import type { Crosshair } from "./crosshair-store";

/** Read by the drawing hooks when they run, so that new data needs no new chart. */
export interface PlotState {
  picture: PanelPicture;
  prepared: PreparedPanel;
  /** The highlighted entry. */
  highlighted: string | null;
  /** A dragged range; null: back to what was shown before. */
  onZoom: (range: XRange | null) => void;
  onCrosshair: (chart: uPlot, crosshair: Crosshair | null) => void;
}

interface PlotOptions {
  width: number;
  height: number;
  theme: ChartTheme;
  settings: PanelSettings;
  /** The values are bytes: ticks are at powers of two. */
  bytes: boolean;
  syncKey: string;
  state: () => PlotState;
}

function axis(theme: ChartTheme, extra: uPlot.Axis): uPlot.Axis {
  return {
    stroke: theme.axis,
    font: `11px ${theme.fontFamily}`,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { show: false },
    values: (_, splits, __, ___, increment) => formatTicks(splits, increment),
    ...extra,
  };
}

/** uPlot omits ticks between decades if they are too close: those are null. */
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

/** The width of the y axis: room for its widest label. */
function axisWidth(_: uPlot, values: string[] | null): number {
  const longest = Math.max(0, ...(values ?? []).map((value) => value?.length ?? 0));
  return Math.max(30, 12 + longest * 6.4);
}

/** Only pointer moves are shared between panels: a drag in one must not select in all. */
const shared = (type: string) => type === "mousemove" || type === "mouseleave";

/** Draws the panel into the plot. uPlot counts in device pixels, a pen in CSS pixels. */
function drawPlot({ ctx, bbox }: uPlot, { prepared }: PlotState, theme: ChartTheme): void {
  const ratio = devicePixelRatio;
  const area = {
    left: bbox.left / ratio,
    top: bbox.top / ratio,
    width: bbox.width / ratio,
    height: bbox.height / ratio,
  };
  drawOnCanvas(ctx, { ratio, fontFamily: theme.fontFamily }, (pen) =>
    drawPanel(pen, area, prepared, theme),
  );
}

/**
 * The options of a live plot: uPlot keeps scales, axes, crosshair and drag; what is in the plot is
 * drawn by the panel's kind. Its one series only tells the y axis how far it goes.
 */
export function plotOptions(options: PlotOptions): uPlot.Options {
  const { width, height, theme, bytes, syncKey, state } = options;
  const { axis: kind, logX, logY } = options.settings;
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
        range: () => [state().prepared.bounds.y.min, state().prepared.bounds.y.max],
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
    series: [{}, { paths: () => null, points: { show: false } }],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: 4 },
      sync: { key: syncKey, scales: ["x", null], setSeries: false, filters: { pub: shared } },
      bind: {
        // A drag with shift pans the plot.
        mousedown: (_, __, select) => (event) => (event.shiftKey ? null : select(event)),
        dblclick: () => () => {
          state().onZoom(null);
          return null;
        },
      },
    },
    hooks: {
      draw: [(chart) => drawPlot(chart, state(), theme)],
      setCursor: [
        (chart) => {
          const left = chart.cursor.left ?? -1;
          const top = chart.cursor.top ?? -1;
          // Only the panel under the pointer has an event; the others follow its crosshair.
          const own = chart.cursor.event != null;
          const x = left < 0 ? null : chart.posToVal(left, "x");
          const { offsetLeft: offset, clientWidth } = chart.over;
          const plot = { offset, width: clientWidth };
          state().onCrosshair(chart, x === null ? null : { x, left, top, own, plot });
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
