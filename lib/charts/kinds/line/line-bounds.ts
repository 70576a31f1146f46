import { visibleSpan } from "../../axes/nearest-index.ts";
import type { XRange } from "../../axes/x-axis.ts";
import { logRange, logStart, withoutOutliers, yRange } from "../../axes/y-range.ts";
import type { PanelSettings } from "../../panels/panel-settings.ts";
import type { LinePicture, PanelLine } from "./line-picture.ts";

/** The most lines that are drawn with their min–max envelope; more lines show extremes only. */
const envelopesUpTo = 8;

/** Whether a line is drawn with its envelope. */
export function hasEnvelope(lines: readonly PanelLine[], id: string, highlighted: string | null) {
  return lines.length <= envelopesUpTo || id === highlighted;
}

/** The ends of both axes. */
export interface PanelBounds {
  x: XRange;
  y: XRange;
  /** Values may be outside `y`, because the settings leave outliers out. */
  cut: boolean;
}

type Values = readonly (number | null)[];

interface Extremes {
  low: Values;
  high: Values;
}

function visible({ series }: PanelLine, range: XRange): Extremes {
  const { from, to } = visibleSpan(series.x, range);
  const part = (values: Values) => values.slice(from, to + 1);
  return { low: part(series.low), high: part(series.high) };
}

/** From the lowest to the highest value; of a logarithmic axis, of those above zero. */
function extremes(
  parts: readonly Extremes[],
  logarithmic: boolean,
): [number | null, number | null] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { low, high } of parts) {
    for (const value of low) {
      if (value !== null && value < min && !(logarithmic && value <= 0)) min = value;
    }
    for (const value of high) {
      if (value !== null && value > max) max = value;
      // If no low end is positive, the axis begins at the lowest high end.
      if (logarithmic && value !== null && value > 0 && value < min) min = value;
    }
  }
  return max < min ? [null, null] : [min, max];
}

/** The bounds of a panel's axes: the zoomed range of x, and all values within it on y. */
export function panelBounds(
  { lines, range }: Pick<LinePicture, "lines" | "range">,
  { logX, logY, outliers }: Pick<PanelSettings, "logX" | "logY" | "outliers">,
): PanelBounds {
  const parts = lines.map((line) => visible(line, range));
  const inner = withoutOutliers(
    { low: parts.flatMap(({ low }) => low), high: parts.flatMap(({ high }) => high) },
    outliers,
  );
  const [min, max] =
    inner && !(logY && inner.min <= 0) ? [inner.min, inner.max] : extremes(parts, logY);
  const [low, high] = (logY ? logRange : yRange)(min, inner ? inner.max : max);
  return {
    x: logX ? logBegin(lines, range) : range,
    y: { min: low, max: high },
    cut: inner !== null,
  };
}

/** A logarithmic axis begins at the first positive position. */
function logBegin(lines: readonly PanelLine[], { min, max }: XRange): XRange {
  if (min > 0) return { min, max };
  const starts = lines.flatMap(({ series }) => (series.x.length > 0 ? logStart(series.x) : []));
  const start = starts.length > 0 ? Math.min(...starts) : 0.5;
  return { min: start, max: max > start ? max : start * 10 };
}
