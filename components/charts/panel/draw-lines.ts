import type uPlot from "uplot";
import type { XRange } from "@/lib/charts/axes/x-axis";
import { hasEnvelope, type PanelBounds } from "@/lib/charts/kinds/line/line-bounds";
import { visibleSpan } from "@/lib/charts/kinds/line/nearest";
import { spikesOf } from "@/lib/charts/kinds/line/spikes";
import type { PanelSettings } from "@/lib/charts/panels/panel-settings";
import type { PanelLine } from "@/lib/charts/panels/panel-store";
import { smoothOf } from "@/lib/charts/series/smooth";
import type { LineStyle } from "@/lib/charts/style/line-style";
import { type ChartTheme, lineColour } from "./chart-theme";

type Place = (value: number) => number;
type Cells = readonly (number | null)[];

interface Span {
  from: number;
  to: number;
}

function placer({ min, max }: XRange, log: boolean, from: number, to: number): Place {
  if (!log) {
    const factor = (to - from) / (max - min || 1);
    return (value) => from + (value - min) * factor;
  }
  const low = Math.log10(min);
  const factor = (to - from) / (Math.log10(max) - low || 1);
  // What has no place on a logarithmic axis stands at its end.
  return (value) => from + (Math.log10(Math.max(value, min)) - low) * factor;
}

/** A straight line through the values; a gap breaks it, as does what a log axis has no place for. */
function trace(
  ctx: CanvasRenderingContext2D,
  x: readonly number[],
  cells: Cells,
  { from, to }: Span,
  toX: Place,
  toY: Place,
  logY: boolean,
): void {
  let down = false;
  for (let index = from; index <= to; index += 1) {
    const value = cells[index] ?? null;
    if (value === null || (logY && value <= 0)) {
      down = false;
      continue;
    }
    const left = toX(x[index] ?? 0);
    const top = toY(value);
    if (down) ctx.lineTo(left, top);
    else ctx.moveTo(left, top);
    down = true;
  }
}

/** Closed shapes from the lowest to the highest values, one for each stretch without a gap. */
function traceBand(
  ctx: CanvasRenderingContext2D,
  { x, low, high }: PanelLine["series"],
  { from, to }: Span,
  toX: Place,
  toY: Place,
): void {
  const close = (start: number, end: number) => {
    if (end <= start) return;
    for (let index = start; index <= end; index += 1) {
      const top = toY(high[index] ?? 0);
      if (index === start) ctx.moveTo(toX(x[index] ?? 0), top);
      else ctx.lineTo(toX(x[index] ?? 0), top);
    }
    for (let index = end; index >= start; index -= 1) {
      ctx.lineTo(toX(x[index] ?? 0), toY(low[index] ?? 0));
    }
    ctx.closePath();
  };
  let start = from;
  for (let index = from; index <= to; index += 1) {
    if ((high[index] ?? null) !== null && (low[index] ?? null) !== null) continue;
    close(start, index - 1);
    start = index + 1;
  }
  close(start, to);
}

export interface LineDrawing {
  theme: ChartTheme;
  lineStyles: ReadonlyMap<string, LineStyle>;
  settings: PanelSettings;
  bounds: PanelBounds;
  /** The line that stands out; the others recede. */
  highlighted: string | null;
}

const plain: LineStyle = { colour: 8, dash: [] };
const dimmedAlpha = 0.18;

/** All lines of a panel, each with its envelope behind it; the one that stands out comes last. */
export function drawLines(chart: uPlot, lines: readonly PanelLine[], drawing: LineDrawing): void {
  const { ctx, bbox } = chart;
  const { bounds, settings, highlighted } = drawing;
  const { left, top, width, height } = bbox;
  const toX = placer(bounds.x, settings.logX, left, left + width);
  const toY = placer(bounds.y, settings.logY, top + height, top);
  const known = lines.some(({ id }) => id === highlighted);
  const ordered = known
    ? [
        ...lines.filter(({ id }) => id !== highlighted),
        ...lines.filter(({ id }) => id === highlighted),
      ]
    : lines;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.lineJoin = "bevel";
  for (const line of ordered) {
    const alpha = known && line.id !== highlighted ? dimmedAlpha : 1;
    if (hasEnvelope(lines, line.id, highlighted)) drawBand(ctx, line, drawing, alpha, toX, toY);
    else drawSpikes(ctx, line, drawing, alpha, toX, toY);
  }
  for (const line of ordered) {
    const alpha = known && line.id !== highlighted ? dimmedAlpha : 1;
    drawLine(ctx, line, drawing, alpha, toX, toY);
  }
  ctx.restore();
}

/**
 * A line with a point for every pixel is one pixel wide: it reads no worse, and where no graphics
 * card draws, a wider one takes five times as long.
 */
function lineWidth({ from, to }: Span, toX: Place, { x }: PanelBounds): number {
  const pixels = (toX(x.max) - toX(x.min)) / devicePixelRatio;
  return to - from > 0.6 * pixels ? 1 : 1.5;
}

/** Draws the path that stands there, one pixel wide. */
function strokeThin(ctx: CanvasRenderingContext2D, colour: string, alpha: number): void {
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([]);
  ctx.stroke();
}

function drawBand(
  ctx: CanvasRenderingContext2D,
  { id, series }: PanelLine,
  { theme, lineStyles, bounds }: LineDrawing,
  alpha: number,
  toX: Place,
  toY: Place,
): void {
  if (!series.hasBand) return;
  const colour = lineColour(theme, (lineStyles.get(id) ?? plain).colour);
  const span = visibleSpan(series.x, bounds.x);
  ctx.beginPath();
  traceBand(ctx, series, span, toX, toY);
  ctx.globalAlpha = 0.2 * alpha;
  ctx.fillStyle = colour;
  ctx.fill();
  // A spike one pixel wide has hardly any area to be seen by: its outline shows it.
  strokeThin(ctx, colour, 0.45 * alpha);
}

/** Envelopes of many lines would hide the lines: of these, what stands out is drawn. */
function drawSpikes(
  ctx: CanvasRenderingContext2D,
  { id, series }: PanelLine,
  { theme, lineStyles, bounds }: LineDrawing,
  alpha: number,
  toX: Place,
  toY: Place,
): void {
  if (!series.hasBand) return;
  const span = visibleSpan(series.x, bounds.x);
  ctx.beginPath();
  for (const { index, top, bottom } of spikesOf(series, span, toY, 3 * devicePixelRatio)) {
    const left = toX(series.x[index] ?? 0);
    ctx.moveTo(left, top);
    ctx.lineTo(left, bottom);
  }
  strokeThin(ctx, lineColour(theme, (lineStyles.get(id) ?? plain).colour), 0.6 * alpha);
}

function drawLine(
  ctx: CanvasRenderingContext2D,
  { id, series }: PanelLine,
  { theme, lineStyles, settings, bounds }: LineDrawing,
  alpha: number,
  toX: Place,
  toY: Place,
): void {
  const ratio = devicePixelRatio;
  const { colour, dash } = lineStyles.get(id) ?? plain;
  const span = visibleSpan(series.x, bounds.x);
  const smooth = smoothOf(series, settings);
  ctx.strokeStyle = lineColour(theme, colour);
  ctx.fillStyle = lineColour(theme, colour);
  ctx.setLineDash(dash.map((length) => length * ratio));
  ctx.lineWidth = (smooth ? 1 : lineWidth(span, toX, bounds)) * ratio;
  ctx.globalAlpha = (smooth ? 0.4 : 1) * alpha;
  ctx.beginPath();
  trace(ctx, series.x, series.line, span, toX, toY, settings.logY);
  ctx.stroke();
  ctx.beginPath();
  for (const index of series.dots) {
    const value = series.line[index] ?? null;
    if (value === null || index < span.from || index > span.to) continue;
    if (settings.logY && value <= 0) continue;
    const [left, top] = [toX(series.x[index] ?? 0), toY(value)];
    ctx.moveTo(left, top);
    ctx.arc(left, top, 2.25 * ratio, 0, 2 * Math.PI);
  }
  ctx.fill();
  if (!smooth) return;
  ctx.globalAlpha = alpha;
  ctx.lineWidth = 1.75 * ratio;
  ctx.beginPath();
  trace(ctx, series.x, smooth, span, toX, toY, settings.logY);
  ctx.stroke();
}
