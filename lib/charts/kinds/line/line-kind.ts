import { drawMarkers } from "../../drawing/draw-markers.ts";
import type { Pen } from "../../drawing/pen.ts";
import { type PlotArea, pixelScale } from "../../drawing/plot-area.ts";
import type { ChartTheme } from "../../style/chart-theme.ts";
import type { PanelKind } from "../panel-kind.ts";
import { drawGaps, drawOverflow } from "./draw-line-marks.ts";
import { drawLines } from "./draw-lines.ts";
import type { LinePicture } from "./line-picture.ts";
import { lineTable } from "./line-table.ts";
import { type PreparedLines, prepareLines } from "./prepare-lines.ts";
import { readLines } from "./read-lines.ts";

function drawLinePanel(pen: Pen, area: PlotArea, prepared: PreparedLines, theme: ChartTheme): void {
  const { bounds, settings } = prepared;
  const { left, top, width, height } = area;
  const toX = pixelScale(bounds.x, settings.logX, left, left + width);
  const toY = pixelScale(bounds.y, settings.logY, top + height, top);
  pen.clip(area, () => drawLines(pen, prepared, { toX, toY }, theme));
  drawMarkers(pen, area, prepared.markers, toX, theme);
  drawGaps(pen, area, prepared.gaps, toX, theme);
  if (bounds.cut) drawOverflow(pen, area, prepared, { toX, toY }, theme);
}

/** Series over steps, epochs or time: mean lines with min–max bands. */
export const lineKind: PanelKind<LinePicture, PreparedLines> = {
  prepare: prepareLines,
  draw: drawLinePanel,
  read: readLines,
  table: lineTable,
};
