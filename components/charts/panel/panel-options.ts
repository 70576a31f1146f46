import type uPlot from "uplot";
import {
  formatClock,
  formatElapsed,
  secondIncrements,
  stepIncrements,
} from "@/lib/charts/axes/axis-ticks";
import type { Marker } from "@/lib/charts/axes/markers";
import type { XAxis, XRange } from "@/lib/charts/axes/x-axis";
import type { PanelBounds } from "@/lib/charts/kinds/line/line-bounds";
import type { PanelSettings } from "@/lib/charts/panels/panel-settings";
import type { PanelPicture } from "@/lib/charts/panels/panel-store";
import type { LineStyle } from "@/lib/charts/style/line-style";
import { formatByteTicks, formatTicks } from "@/lib/format/number";
import type { ChartTheme } from "./chart-theme";
import type { Crosshair } from "./crosshair-store";
import { drawLines } from "./draw-lines";
import { drawBeyond, drawGaps, drawMarkers } from "./draw-marks";

/** What the drawing hooks read at the time they run, so that new data needs no new chart. */
export interface PanelState {
  picture: PanelPicture;
  bounds: PanelBounds;
  settings: PanelSettings;
  lineStyles: ReadonlyMap<string, LineStyle>;
  /** With their places on the x axis for steps. */
  markers: readonly Marker[];
  /** The line that stands out. */
  highlighted: string | null;
  /** A dragged range; null: back to what was shown before. */
  onZoom: (range: XRange | null) => void;
  onCrosshair: (chart: uPlot, crosshair: Crosshair | null) => void;
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
  syncKey: string;
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

/** Marks of all lines in one row: a NaN of any of them shows. */
function drawAll(chart: uPlot, theme: ChartTheme, state: PanelState): void {
  const { lines } = state.picture;
  drawLines(chart, lines, { theme, ...state });
  drawMarkers(chart, theme, state.markers);
  const gaps = lines.length === 1 ? lines[0]?.series.gaps : lines.flatMap((l) => l.series.gaps);
  drawGaps(
    chart,
    theme,
    (gaps ?? []).toSorted((a, b) => a.x - b.x),
  );
  if (state.bounds.cut) drawBeyond(chart, theme, lines);
}

/**
 * The options of a live panel: uPlot keeps scales, axes, crosshair and drag; the lines, which have
 * places of their own each, are drawn by us. Its one series only tells the y axis how far it goes.
 */
export function panelOptions({
  width,
  height,
  theme,
  axis: kind,
  logX,
  logY,
  bytes,
  syncKey,
  state,
}: PanelOptions): uPlot.Options {
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
        range: () => [state().bounds.y.min, state().bounds.y.max],
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
        // With shift it is the picture that moves.
        mousedown: (_, __, select) => (event) => (event.shiftKey ? null : select(event)),
        dblclick: () => () => {
          state().onZoom(null);
          return null;
        },
      },
    },
    hooks: {
      draw: [(chart) => drawAll(chart, theme, state())],
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
