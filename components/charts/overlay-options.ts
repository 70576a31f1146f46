import type uPlot from "uplot";
import type { Cell } from "@/lib/compare/overlay";
import { formatTicks } from "@/lib/format/number";

/** One line of an overlaid panel, with the look it has on the whole page. */
export interface OverlayDrawing {
  id: string;
  label: string;
  colour: number;
  dash: readonly number[];
  line: readonly Cell[];
  low: readonly Cell[];
  high: readonly Cell[];
}

export interface OverlayPoint {
  id: string | null;
  index: number | null;
}

export interface OverlayState {
  lines: readonly OverlayDrawing[];
  /** Lines whose band from lowest to highest value is drawn. */
  banded: (id: string) => boolean;
  onZoom: (range: { from: number; to: number } | null) => void;
  /** The line nearest to the pointer, and the place on the x axis; null away from the plot. */
  onPoint: (at: OverlayPoint | null) => void;
}

interface OverlayOptions {
  element: HTMLElement;
  logarithmic: boolean;
  syncKey: string;
  state: () => OverlayState;
}

export function seriesStroke(style: CSSStyleDeclaration, colour: number): string {
  return style.getPropertyValue(`--series-${colour}`).trim();
}

/** From the lowest to the highest value that is drawn, with a little air. */
function yExtent(state: OverlayState, logarithmic: boolean): [number, number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { id, line, low, high } of state.lines) {
    const drawn = state.banded(id) ? [line, low, high] : [line];
    for (const cells of drawn) {
      for (const value of cells) {
        if (typeof value !== "number" || (logarithmic && value <= 0)) continue;
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
  }
  if (max < min) return logarithmic ? [0.1, 1] : [0, 1];
  if (logarithmic) return [min / 1.15, max * 1.15];
  const air = max === min ? Math.abs(max) * 0.5 || 1 : (max - min) * 0.06;
  return [min >= 0 ? Math.max(0, min - air) : min - air, max + air];
}

/** The bands, behind the lines: each run's extremes, or a group's spread. */
function drawBands(chart: uPlot, state: OverlayState, style: CSSStyleDeclaration): void {
  const { ctx, bbox, data } = chart;
  const x = data[0];
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { id, colour, low, high } of state.lines) {
    if (!state.banded(id)) continue;
    const top: [number, number][] = [];
    const bottom: [number, number][] = [];
    x.forEach((step, index) => {
      const [l, h] = [low[index], high[index]];
      if (typeof l !== "number" || typeof h !== "number") return;
      const left = chart.valToPos(step, "x", true);
      top.push([left, chart.valToPos(h, "y", true)]);
      bottom.push([left, chart.valToPos(l, "y", true)]);
    });
    if (top.length < 2) continue;
    ctx.beginPath();
    for (const [left, y] of [...top, ...bottom.reverse()]) ctx.lineTo(left, y);
    ctx.closePath();
    ctx.globalAlpha = 0.14;
    ctx.fillStyle = seriesStroke(style, colour);
    ctx.fill();
  }
  ctx.restore();
}

/** The line that comes nearest to the pointer, within 24 pixels. */
function nearest(
  chart: uPlot,
  lines: readonly OverlayDrawing[],
  index: number | null,
  top: number,
): OverlayPoint {
  let found: string | null = null;
  let least = 24;
  for (const { id, line } of lines) {
    if (index === null) break;
    const value = near(line, index);
    if (value === null) continue;
    const distance = Math.abs(chart.valToPos(value, "y") - top);
    if (distance < least) {
      least = distance;
      found = id;
    }
  }
  return { id: found, index };
}

/** A line's value at a place, or at the next one to either side that has one. */
export function near(line: readonly Cell[], index: number): number | null {
  for (let away = 0; away < 24; away += 1) {
    for (const at of [index - away, index + away]) {
      const value = line[at];
      if (typeof value === "number") return value;
    }
  }
  return null;
}

/** Only moves are shared between panels. */
const shared = (type: string) => type === "mousemove" || type === "mouseleave";

/** Steps are whole numbers: 1, 2, 5, 10 … */
const wholeSteps = Array.from(
  { length: 48 },
  (_, i) => ([1, 2, 5][i % 3] ?? 1) * 10 ** Math.floor(i / 3),
);

/** Options of a panel with many lines: the one nearest to the pointer stands out. */
export function overlayOptions({
  element,
  logarithmic,
  syncKey,
  state,
}: OverlayOptions): uPlot.Options {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const look = { stroke: token("--faint"), font: `11px ${style.fontFamily}` };
  const ratio = devicePixelRatio;
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [8, 14, 0, 0],
    legend: { show: false },
    focus: { alpha: 0.18 },
    scales: {
      x: { time: false, auto: false },
      y: { distr: logarithmic ? 3 : 1, range: () => yExtent(state(), logarithmic) },
    },
    axes: [
      {
        ...look,
        size: 24,
        gap: 6,
        space: 56,
        incrs: wholeSteps,
        grid: { show: false },
        ticks: { show: false },
        values: (_, splits, __, ___, increment) => formatTicks(splits, increment),
      },
      {
        ...look,
        size: (_, values) =>
          Math.max(30, 12 + Math.max(0, ...(values ?? []).map((v) => v?.length ?? 0)) * 6.4),
        gap: 6,
        space: 32,
        grid: { stroke: token("--line"), width: 1 },
        ticks: { show: false },
        values: (_, splits, __, ___, increment) =>
          logarithmic
            ? splits.map((split) => (split === null ? "" : (formatTicks([split], split)[0] ?? "")))
            : formatTicks(splits, increment),
      },
    ],
    series: [
      {},
      ...state().lines.map(
        ({ colour, dash, label }): uPlot.Series => ({
          label,
          stroke: seriesStroke(style, colour),
          width: 1.5,
          dash: dash.map((length) => length * ratio),
          points: { show: (_, __, first, last) => last - first < 2, size: 5 },
        }),
      ),
    ],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: 4 },
      sync: { key: syncKey, scales: ["x", null], setSeries: false, filters: { pub: shared } },
      bind: {
        dblclick: () => () => {
          state().onZoom(null);
          return null;
        },
      },
    },
    hooks: {
      drawAxes: [(chart) => drawBands(chart, state(), style)],
      setCursor: [
        (chart) => {
          if ((chart.cursor.left ?? -1) < 0) state().onPoint(null);
          // Only the panel under the pointer speaks; the others follow its crosshair.
          else if (chart.cursor.event) {
            const { idx, top } = chart.cursor;
            state().onPoint(nearest(chart, state().lines, idx ?? null, top ?? 0));
          }
        },
      ],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width < 4) return;
          const from = Math.max(0, Math.floor(chart.posToVal(left, "x")));
          const to = Math.ceil(chart.posToVal(left + width, "x"));
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          if (to > from) state().onZoom({ from, to });
        },
      ],
    },
  };
}
