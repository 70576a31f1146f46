import { visibleSpan } from "../../axes/nearest-index.ts";
import type { Pen } from "../../drawing/pen.ts";
import type { ToPixel } from "../../drawing/plot-area.ts";
import { type ChartTheme, lineColour } from "../../style/chart-theme.ts";
import type { PreparedLine, PreparedLines } from "./prepare-lines.ts";
import { spikesOf } from "./spikes.ts";

type Values = readonly (number | null)[];

interface Span {
  from: number;
  to: number;
}

/** Where the values of a panel are in pixels. */
export interface PlotScales {
  toX: ToPixel;
  toY: ToPixel;
}

/** All lines, each with its envelope behind every line. */
export function drawLines(
  pen: Pen,
  { lines, bounds, settings }: PreparedLines,
  scales: PlotScales,
  theme: ChartTheme,
): void {
  const pixels = scales.toX(bounds.x.max) - scales.toX(bounds.x.min);
  const spans = lines.map(({ series }) => visibleSpan(series.x, bounds.x));
  const each = (draw: (line: PreparedLine, span: Span, colour: string) => void) => {
    for (const [index, line] of lines.entries()) {
      const span = spans[index];
      if (span) draw(line, span, lineColour(theme, line.style.colour));
    }
  };
  each((line, span, colour) => {
    if (!line.series.hasBand) return;
    if (line.envelope) drawBand(pen, line, span, scales, colour);
    else drawSpikes(pen, line, span, scales, colour);
  });
  each((line, span, colour) => drawLine(pen, line, span, scales, colour, settings.logY, pixels));
}

/** Straight lines through the values, broken at gaps and at what a log axis has no position for. */
function trace(
  pen: Pen,
  x: readonly number[],
  values: Values,
  { from, to }: Span,
  { toX, toY }: PlotScales,
  logY: boolean,
): void {
  let connected = false;
  for (let index = from; index <= to; index += 1) {
    const value = values[index] ?? null;
    if (value === null || (logY && value <= 0)) {
      connected = false;
      continue;
    }
    const left = toX(x[index] ?? 0);
    const top = toY(value);
    if (connected) pen.lineTo(left, top);
    else pen.moveTo(left, top);
    connected = true;
  }
}

/** Closed shapes from the lowest to the highest values, one for each stretch without a gap. */
function traceBand(
  pen: Pen,
  { x, low, high }: PreparedLine["series"],
  { from, to }: Span,
  { toX, toY }: PlotScales,
): void {
  const close = (start: number, end: number) => {
    if (end <= start) return;
    for (let index = start; index <= end; index += 1) {
      const top = toY(high[index] ?? 0);
      if (index === start) pen.moveTo(toX(x[index] ?? 0), top);
      else pen.lineTo(toX(x[index] ?? 0), top);
    }
    for (let index = end; index >= start; index -= 1) {
      pen.lineTo(toX(x[index] ?? 0), toY(low[index] ?? 0));
    }
    pen.closePath();
  };
  let start = from;
  for (let index = from; index <= to; index += 1) {
    if ((high[index] ?? null) !== null && (low[index] ?? null) !== null) continue;
    close(start, index - 1);
    start = index + 1;
  }
  close(start, to);
}

function drawBand(
  pen: Pen,
  { series, opacity }: PreparedLine,
  span: Span,
  scales: PlotScales,
  colour: string,
): void {
  pen.beginPath();
  traceBand(pen, series, span, scales);
  pen.fill({ colour, opacity: 0.2 * opacity });
  // A spike one pixel wide has hardly any area to be seen by: its outline shows it.
  pen.stroke({ colour, width: 1, opacity: 0.45 * opacity });
}

/** The envelopes of many lines would hide the lines: only their hidden extremes are drawn. */
function drawSpikes(
  pen: Pen,
  { series, opacity }: PreparedLine,
  span: Span,
  { toX, toY }: PlotScales,
  colour: string,
): void {
  pen.beginPath();
  for (const { index, top, bottom } of spikesOf(series, span, toY, 3)) {
    const left = toX(series.x[index] ?? 0);
    pen.moveTo(left, top);
    pen.lineTo(left, bottom);
  }
  pen.stroke({ colour, width: 1, opacity: 0.6 * opacity });
}

/**
 * A line with a point for every pixel is one pixel wide: it reads no worse, and without a graphics
 * card a wider one takes five times as long to draw.
 */
function lineWidth({ from, to }: Span, pixels: number): number {
  return to - from > 0.6 * pixels ? 1 : 1.5;
}

function drawLine(
  pen: Pen,
  { series, smooth, opacity, style: { dash } }: PreparedLine,
  span: Span,
  scales: PlotScales,
  colour: string,
  logY: boolean,
  pixels: number,
): void {
  const faded = (smooth ? 0.4 : 1) * opacity;
  pen.beginPath();
  trace(pen, series.x, series.line, span, scales, logY);
  pen.stroke({ colour, width: smooth ? 1 : lineWidth(span, pixels), opacity: faded, dash });
  pen.beginPath();
  for (const index of series.dots) {
    const value = series.line[index] ?? null;
    if (value === null || index < span.from || index > span.to) continue;
    if (logY && value <= 0) continue;
    pen.circle(scales.toX(series.x[index] ?? 0), scales.toY(value), 2.25);
  }
  pen.fill({ colour, opacity: faded });
  if (!smooth) return;
  pen.beginPath();
  trace(pen, series.x, smooth, span, scales, logY);
  pen.stroke({ colour, width: 1.75, opacity, dash });
}
