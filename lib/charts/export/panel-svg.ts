import { formatTicks } from "../../format/number.ts";
import { decadeTicks, formatClock, formatElapsed, niceTicks } from "../axes/axis-ticks.ts";
import type { XAxis } from "../axes/x-axis.ts";
import { type PlotArea, pixelScale, type ToPixel } from "../drawing/plot-area.ts";
import { SvgPen } from "../drawing/svg-pen.ts";
import type { Prepared } from "../kinds/panel-kind.ts";
import { drawPanel, type PreparedPanel } from "../kinds/panel-kinds.ts";
import type { PanelSettings } from "../panels/panel-settings.ts";
import { type ChartTheme, lineColour } from "../style/chart-theme.ts";
import type { LineStyle } from "../style/line-style.ts";

interface PanelFigure {
  title: string;
  prepared: PreparedPanel;
  settings: PanelSettings;
  /** The entries of the legend, which a panel of one line has none of. */
  entries: readonly { label: string; lineStyle: LineStyle }[];
  theme: ChartTheme;
}

const width = 960;
const area: PlotArea = { left: 72, top: 44, width: 864, height: 396 };
const right = area.left + area.width;
const bottom = area.top + area.height;
const legend = { width: 212, row: 18, columns: 4 };
const textSize = 12;

/** Tick values with their labels. */
type Ticks = readonly (readonly [value: number, label: string])[];

const axisTitles: Record<XAxis, string> = {
  step: "step",
  epoch: "epoch",
  relative: "time since start",
  wall: "time",
};

function xTicks({ min, max }: Prepared["bounds"]["x"], { axis, logX }: PanelSettings): Ticks {
  const ticks = logX ? decadeTicks(min, max) : niceTicks(min, max, 8);
  const increment = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0)) || 1;
  if (axis === "relative") return ticks.map((tick) => [tick, formatElapsed(tick)]);
  if (axis === "wall") return ticks.map((tick) => [tick, formatClock(tick, increment)]);
  const labels = formatTicks(ticks, increment);
  return ticks.map((tick, index) => [tick, labels[index] ?? ""]);
}

function yTicks({ min, max }: Prepared["bounds"]["y"], log: boolean): Ticks {
  const ticks = log ? decadeTicks(min, max) : niceTicks(min, max, 6);
  if (log) return ticks.map((tick) => [tick, formatTicks([tick], tick)[0] ?? ""]);
  const labels = formatTicks(ticks, Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0)) || 1);
  return ticks.map((tick, index) => [tick, labels[index] ?? ""]);
}

function drawAxes(pen: SvgPen, { prepared, settings, theme }: PanelFigure): void {
  const { x, y } = prepared.bounds;
  const toX: ToPixel = pixelScale(x, settings.logX, area.left, right);
  const toY: ToPixel = pixelScale(y, settings.logY, bottom, area.top);
  const label = { colour: theme.axis, size: textSize };
  for (const [tick, text] of yTicks(y, settings.logY)) {
    pen.beginPath();
    pen.moveTo(area.left, toY(tick));
    pen.lineTo(right, toY(tick));
    pen.stroke({ colour: theme.grid, width: 1 });
    pen.text(text, area.left - 8, toY(tick) + 4, { ...label, align: "end" });
  }
  for (const [tick, text] of xTicks(x, settings)) {
    pen.text(text, toX(tick), bottom + 20, { ...label, align: "middle" });
  }
  pen.text(axisTitles[settings.axis], right, bottom + 34, { ...label, align: "end" });
}

function drawLegend(pen: SvgPen, { entries, theme }: PanelFigure): void {
  for (const [index, { label, lineStyle }] of entries.entries()) {
    const x = area.left + (index % legend.columns) * legend.width;
    const y = bottom + 52 + Math.floor(index / legend.columns) * legend.row;
    pen.beginPath();
    pen.moveTo(x, y - 4);
    pen.lineTo(x + 18, y - 4);
    const colour = lineColour(theme, lineStyle.colour);
    pen.stroke({ colour, width: 2.5, dash: lineStyle.dash });
    const text = label.length > 30 ? `…${label.slice(-29)}` : label;
    pen.text(text, x + 24, y, { colour: theme.markerText, size: textSize, align: "start" });
  }
}

/** A panel as an SVG file of its own, 960 pixels wide, with a legend if it has several entries. */
export function panelSvg(figure: PanelFigure): string {
  const { title, prepared, entries, theme } = figure;
  const several = entries.length > 1;
  const legendHeight = Math.ceil(entries.length / legend.columns) * legend.row + 8;
  const height = bottom + 40 + (several ? legendHeight : 0);
  const pen = new SvgPen();
  pen.rect({ left: 0, top: 0, width, height }, { colour: theme.surface });
  const heading = { colour: theme.markerText, size: 16, align: "start", bold: true } as const;
  pen.text(title, area.left, 28, heading);
  drawAxes(pen, figure);
  drawPanel(pen, area, prepared, theme);
  if (several) drawLegend(pen, figure);
  return pen.document(width, height);
}
