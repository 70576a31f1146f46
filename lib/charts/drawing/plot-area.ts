import type { XRange } from "../axes/x-axis.ts";

/** A rectangle in CSS pixels, such as the part of a panel that the lines are drawn in. */
export interface PlotArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The pixel position of a value on an axis. */
export type ToPixel = (value: number) => number;

/** Maps a range of values to the pixels `from` … `to`, linearly or in powers of ten. */
export function pixelScale({ min, max }: XRange, log: boolean, from: number, to: number): ToPixel {
  if (!log) {
    const factor = (to - from) / (max - min || 1);
    return (value) => from + (value - min) * factor;
  }
  const low = Math.log10(min);
  const factor = (to - from) / (Math.log10(max) - low || 1);
  // A logarithmic axis has no position for zero and below: such values are drawn at its start.
  return (value) => from + (Math.log10(Math.max(value, min)) - low) * factor;
}
