import type { Pen } from "../../drawing/pen.ts";
import type { PlotArea, ToPixel } from "../../drawing/plot-area.ts";
import type { GapMark } from "../../series/prepare-series.ts";
import type { ChartTheme } from "../../style/chart-theme.ts";
import type { PlotScales } from "./draw-lines.ts";
import { mergeGaps } from "./merge-gaps.ts";
import type { PreparedLines } from "./prepare-lines.ts";

const gapHeight = 5;
const gapTextSize = 10;

/** Bars on the x axis where the trainer wrote NaN or infinity. */
export function drawGaps(
  pen: Pen,
  { left, top, width, height }: PlotArea,
  gaps: readonly GapMark[],
  toX: ToPixel,
  theme: ChartTheme,
): void {
  const bottom = top + height;
  let textEnd = Number.NEGATIVE_INFINITY;
  for (const { from, to, kind } of mergeGaps(gaps, (x) => toX(x) - left, width)) {
    const bar = {
      left: left + from - 1.5,
      top: bottom - gapHeight,
      width: to - from + 3,
      height: gapHeight,
    };
    pen.rect(bar, { colour: theme.gap }, kind);
    const textWidth = pen.textWidth(kind, gapTextSize);
    const middle = Math.min(
      Math.max(bar.left + bar.width / 2, left + textWidth / 2),
      left + width - textWidth / 2,
    );
    if (middle - textWidth / 2 < textEnd) continue;
    textEnd = middle + textWidth / 2 + 4;
    const style = { colour: theme.gap, size: gapTextSize, align: "middle" } as const;
    pen.text(kind, middle, bottom - gapHeight - 3, style);
  }
}

/** Small arrows at the edge where a line goes beyond it: what is left out is not hidden. */
export function drawOverflow(
  pen: Pen,
  { left, top, width, height }: PlotArea,
  { lines, bounds: { y } }: PreparedLines,
  { toX }: PlotScales,
  theme: ChartTheme,
): void {
  const bottom = top + height;
  pen.beginPath();
  const arrow = (x: number, tip: number, base: number) => {
    const at = toX(x);
    if (at < left || at > left + width) return;
    pen.moveTo(at, tip);
    pen.lineTo(at - 3.5, base);
    pen.lineTo(at + 3.5, base);
    pen.closePath();
  };
  for (const { series } of lines) {
    for (const [index, x] of series.x.entries()) {
      if ((series.high[index] ?? y.max) > y.max) arrow(x, top, top + 6);
      if ((series.low[index] ?? y.min) < y.min) arrow(x, bottom, bottom - 6);
    }
  }
  pen.fill({ colour: theme.gap });
}
