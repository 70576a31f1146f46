import { layOutMarkers, type Marker } from "../axes/markers.ts";
import type { ChartTheme } from "../style/chart-theme.ts";
import type { Pen } from "./pen.ts";
import type { PlotArea, ToPixel } from "./plot-area.ts";

const labelHeight = 14;
const labelSize = 11;
const dash = [2, 3];

/** Vertical lines where commands took effect, with their labels along the top. */
export function drawMarkers(
  pen: Pen,
  { left, top, width, height }: PlotArea,
  markers: readonly Marker[],
  toX: ToPixel,
  theme: ChartTheme,
): void {
  const placed = layOutMarkers(
    markers,
    (step) => toX(step) - left,
    (label) => pen.textWidth(label, labelSize),
    width,
  );
  for (const { x, label, row, side } of placed) {
    // On a half pixel, so that a line one pixel wide is sharp.
    const at = Math.round(left + x) + 0.5;
    pen.beginPath();
    pen.moveTo(at, top);
    pen.lineTo(at, top + height);
    pen.stroke({ colour: theme.marker, width: 1, dash });
    if (!label) continue;
    const labelTop = top + row * labelHeight;
    const labelWidth = pen.textWidth(label, labelSize);
    const textAt = side === "right" ? at + 3 : at - 3;
    const textLeft = side === "right" ? textAt : textAt - labelWidth;
    pen.rect(
      { left: textLeft - 1, top: labelTop, width: labelWidth + 2, height: labelHeight },
      { colour: theme.surface, opacity: 0.85 },
    );
    const align = side === "right" ? "start" : "end";
    pen.text(label, textAt, labelTop + 10.5, { colour: theme.markerText, size: labelSize, align });
  }
}
