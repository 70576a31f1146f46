import type { ChartZoom } from "./chart-settings.ts";
import type { Marker } from "./markers.ts";
import { stepsWithin, type XAxis, type XRange, type XScale } from "./x-axis.ts";

export type AxisExtents = Readonly<Partial<Record<XAxis, XRange>>>;

const widened = ({ min, max }: XRange): XRange =>
  max > min ? { min, max } : { min: min - 0.5, max: max + 0.5 };

/** The part of the x axis that a panel shows: its zoom, else what all panels hold. */
export function shownRange(
  zoom: ChartZoom | null,
  extent: XRange | undefined,
  scale: XScale,
  xMin: number | undefined,
  xMax: number | undefined,
): XRange {
  if (zoom?.shown?.axis === scale.axis) return zoom.shown;
  if (zoom) {
    const min = scale.toX(zoom.from);
    const max = scale.toX(zoom.to);
    if (min !== null && max !== null) return widened({ min, max });
  }
  return widened(extent ?? { min: xMin ?? 0, max: xMax ?? 1 });
}

/**
 * The zoom to a range of the axis. A zoom takes every step it touches; a pan keeps the number of
 * steps, and stops at step 0.
 */
export function zoomTo(
  scale: XScale,
  { min, max }: XRange,
  kind: "zoom" | "pan",
): ChartZoom | null {
  if (scale.axis === "step") {
    if (kind === "zoom") return stepsWithin(scale, { min, max });
    const from = Math.max(0, Math.round(min));
    return { from, to: from + Math.max(1, Math.round(max - min)) };
  }
  const steps = stepsWithin(scale, { min, max });
  return steps && { ...steps, shown: { axis: scale.axis, min, max } };
}

/** Markers with their places on the axis for steps; without those that have none. */
export function placeOnAxis(markers: readonly Marker[], scale: XScale): Marker[] {
  return markers.flatMap((marker) => {
    const step = scale.toX(marker.step);
    return step === null ? [] : [{ ...marker, step }];
  });
}
