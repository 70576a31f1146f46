import type { ChartZoom } from "../panels/panel-settings.ts";
import type { Marker } from "./markers.ts";
import { stepsWithin, type XAxis, type XRange, type XScale } from "./x-axis.ts";

const widened = ({ min, max }: XRange): XRange =>
  max > min ? { min, max } : { min: min - 0.5, max: max + 0.5 };

/** The part of the x axis that a panel shows: its zoom, else the extent of all panels. */
export function visibleRange(
  zoom: ChartZoom | null,
  extent: XRange | undefined,
  axis: XAxis,
  scales: readonly XScale[],
  held: XRange | null,
): XRange {
  if (zoom?.shown?.axis === axis) return zoom.shown;
  if (zoom) {
    const lows = scales.flatMap((scale) => scale.toX(zoom.from) ?? []);
    const highs = scales.flatMap((scale) => scale.toX(zoom.to) ?? []);
    if (axis === "step") return widened({ min: zoom.from, max: zoom.to });
    if (lows.length > 0 && highs.length > 0) {
      return widened({ min: Math.min(...lows), max: Math.max(...highs) });
    }
  }
  return widened(extent ?? held ?? { min: 0, max: 1 });
}

/**
 * The zoom to a range of the axis, for all lines of a panel. A zoom takes every step it touches; a
 * pan keeps the number of steps, and stops at step 0.
 */
export function zoomTo(
  axis: XAxis,
  scales: readonly XScale[],
  { min, max }: XRange,
  kind: "zoom" | "pan",
): ChartZoom | null {
  if (axis === "step") {
    const from = Math.max(0, kind === "zoom" ? Math.floor(min) : Math.round(min));
    const length = kind === "zoom" ? Math.ceil(max) - from : Math.round(max - min);
    return { from, to: from + Math.max(1, length) };
  }
  const steps = scales.flatMap((scale) => stepsWithin(scale, { min, max }) ?? []);
  if (steps.length === 0) return null;
  return {
    from: Math.min(...steps.map(({ from }) => from)),
    to: Math.max(...steps.map(({ to }) => to)),
    shown: { axis, min, max },
  };
}

/** Markers with their positions on the axis as steps; without those that have none. */
export function moveToAxis(markers: readonly Marker[], scale: XScale): Marker[] {
  return markers.flatMap((marker) => {
    const step = scale.toX(marker.step);
    return step === null ? [] : [{ ...marker, step }];
  });
}
