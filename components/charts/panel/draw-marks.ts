import type uPlot from "uplot";
import { layOutMarkers, type Marker } from "@/lib/charts/axes/markers";
import { mergeGaps } from "@/lib/charts/kinds/line/merge-gaps";
import type { PanelLine } from "@/lib/charts/panels/panel-store";
import type { GapMark } from "@/lib/charts/series/prepare-series";
import type { ChartTheme } from "./chart-theme";

const labelHeight = 14;

/** Vertical lines where commands took effect, with their labels along the top. */
export function drawMarkers(chart: uPlot, theme: ChartTheme, markers: readonly Marker[]): void {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = theme.font.replace(/^(\d+)px/, (_, size) => `${Number(size) * ratio}px`);
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  const placed = layOutMarkers(
    markers,
    (step) => chart.valToPos(step, "x"),
    (label) => ctx.measureText(label).width / ratio,
    bbox.width / ratio,
  );
  ctx.lineWidth = ratio;
  for (const { x, label, row, side } of placed) {
    const left = Math.round(bbox.left + x * ratio) + 0.5 * ratio;
    ctx.strokeStyle = theme.marker;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(left, bbox.top);
    ctx.lineTo(left, bbox.top + bbox.height);
    ctx.stroke();
    if (!label) continue;
    const top = bbox.top + row * labelHeight * ratio;
    const textWidth = ctx.measureText(label).width;
    const textLeft = side === "right" ? left + 3 * ratio : left - 3 * ratio - textWidth;
    ctx.globalAlpha = 0.85;
    ctx.fillStyle = theme.surface;
    ctx.fillRect(textLeft - ratio, top, textWidth + 2 * ratio, labelHeight * ratio);
    ctx.globalAlpha = 1;
    ctx.fillStyle = theme.markerText;
    ctx.fillText(label, textLeft, top + 1.5 * ratio);
  }
  ctx.restore();
}

/** Bars on the x axis where the trainer wrote NaN or infinity. */
export function drawGaps(chart: uPlot, theme: ChartTheme, gaps: readonly GapMark[]): void {
  if (gaps.length === 0) return;
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const bottom = bbox.top + bbox.height;
  ctx.save();
  ctx.font = theme.font.replace(/^(\d+)px/, (_, size) => `${(Number(size) - 1) * ratio}px`);
  ctx.fillStyle = theme.gap;
  ctx.textBaseline = "bottom";
  ctx.textAlign = "center";
  let textEnd = Number.NEGATIVE_INFINITY;
  for (const { from, to, kind } of mergeGaps(
    gaps,
    (step) => chart.valToPos(step, "x"),
    bbox.width / ratio,
  )) {
    const left = bbox.left + (from - 1.5) * ratio;
    const width = (to - from + 3) * ratio;
    ctx.fillRect(left, bottom - 5 * ratio, width, 5 * ratio);
    const textWidth = ctx.measureText(kind).width;
    const middle = Math.min(
      Math.max(left + width / 2, bbox.left + textWidth / 2),
      bbox.left + bbox.width - textWidth / 2,
    );
    if (middle - textWidth / 2 < textEnd) continue;
    textEnd = middle + textWidth / 2 + 4 * ratio;
    ctx.fillText(kind, middle, bottom - 6 * ratio);
  }
  ctx.restore();
}

/** Small arrows at the edge where a line reaches beyond it: what is left out is not hidden. */
export function drawBeyond(chart: uPlot, theme: ChartTheme, lines: readonly PanelLine[]): void {
  const { ctx, bbox, scales } = chart;
  const min = scales.y?.min ?? Number.NEGATIVE_INFINITY;
  const max = scales.y?.max ?? Number.POSITIVE_INFINITY;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.fillStyle = theme.gap;
  const arrow = (x: number, tip: number, base: number) => {
    const left = bbox.left + chart.valToPos(x, "x") * ratio;
    if (left < bbox.left || left > bbox.left + bbox.width) return;
    ctx.beginPath();
    ctx.moveTo(left, tip);
    ctx.lineTo(left - 3.5 * ratio, base);
    ctx.lineTo(left + 3.5 * ratio, base);
    ctx.fill();
  };
  const bottom = bbox.top + bbox.height;
  for (const { series } of lines) {
    for (const [index, x] of series.x.entries()) {
      if ((series.high[index] ?? max) > max) arrow(x, bbox.top, bbox.top + 6 * ratio);
      if ((series.low[index] ?? min) < min) arrow(x, bottom, bottom - 6 * ratio);
    }
  }
  ctx.restore();
}
