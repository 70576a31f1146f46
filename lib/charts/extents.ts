import type { XAxis, XRange } from "./x-axis.ts";
import { stepRange } from "./y-range.ts";

/** What all panels of a page show of each axis while nothing is zoomed; it only grows. */
export interface Extents {
  get: (axis: XAxis) => XRange | undefined;
  /** A panel holds values between these places. */
  grow: (axis: XAxis, min: number, max: number) => void;
  /** The run stands at this step, whether or not a series has a value there. */
  reach: (step: number) => void;
  /** When relative time begins: at the run's start, or at its first point where that is older. */
  origin: (startedAt: number) => number;
  foundPoint: (time: number) => void;
  subscribe: (listener: () => void) => () => void;
}

export function createExtents(): Extents {
  const known: Partial<Record<XAxis, XRange>> = {};
  const listeners = new Set<() => void>();
  let reached = 0;
  let firstPoint = Number.POSITIVE_INFINITY;
  let steps: XRange = { min: 0, max: 1 };
  const tell = () => {
    const { from, to } = stepRange(
      known.step?.min ?? 0,
      Math.max(known.step?.max ?? 0, reached, known.step?.min ?? 0),
    );
    steps = { min: from, max: to };
    for (const listener of listeners) listener();
  };
  return {
    get: (axis) => (axis === "step" ? steps : known[axis]),
    grow: (axis, min, max) => {
      const own = known[axis];
      if (own && own.min <= min && own.max >= max) return;
      known[axis] = { min: Math.min(own?.min ?? min, min), max: Math.max(own?.max ?? max, max) };
      tell();
    },
    reach: (step) => {
      if (step <= reached) return;
      reached = step;
      tell();
    },
    origin: (startedAt) => Math.min(startedAt, firstPoint),
    foundPoint: (time) => {
      if (time >= firstPoint) return;
      firstPoint = time;
      delete known.relative;
      tell();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
