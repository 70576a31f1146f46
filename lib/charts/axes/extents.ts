import { ListenerSet } from "../../listener-set.ts";
import type { Anchor, XAxis, XRange } from "./x-axis.ts";
import { stepRange } from "./y-range.ts";

/** The x axes that all panels of a page share. The extents only grow. */
export interface Extents {
  get: (axis: XAxis) => XRange | undefined;
  /** A panel has values between these positions. */
  grow: (axis: XAxis, min: number, max: number) => void;
  /** The run is at this step, whether or not a series has a value there. */
  reach: (step: number) => void;
  /** When a run's relative time begins: at its start, or at its first point if that is older. */
  origin: (run: string, startedAt: number) => number;
  foundPoint: (run: string, time: number) => void;
  /** The steps whose epoch is known, ascending; a new array with every change. */
  epochs: (run: string) => readonly Anchor[];
  /** Records that the run is at this step and epoch. */
  noteEpoch: (run: string, step: number, epoch: number) => void;
  /** Calls the listener with the axis whose positions have changed. */
  subscribe: (listener: (axis: XAxis) => void) => () => void;
}

const noEpochs: readonly Anchor[] = [];
/** Above this number, every other known epoch is dropped. */
const epochCap = 2_000;

export function createExtents(): Extents {
  const known: Partial<Record<XAxis, XRange>> = {};
  const listeners = new ListenerSet<[axis: XAxis]>();
  const firstPoints = new Map<string, number>();
  const epochs = new Map<string, readonly Anchor[]>();
  let reached = 0;
  let steps: XRange = { min: 0, max: 1 };
  const notifySteps = () => {
    const { from, to } = stepRange(
      known.step?.min ?? 0,
      Math.max(known.step?.max ?? 0, reached, known.step?.min ?? 0),
    );
    if (from === steps.min && to === steps.max) return;
    steps = { min: from, max: to };
    listeners.notify("step");
  };
  return {
    get: (axis) => (axis === "step" ? steps : known[axis]),
    grow: (axis, min, max) => {
      const own = known[axis];
      if (own && own.min <= min && own.max >= max) return;
      known[axis] = { min: Math.min(own?.min ?? min, min), max: Math.max(own?.max ?? max, max) };
      if (axis === "step") notifySteps();
      else listeners.notify(axis);
    },
    reach: (step) => {
      if (step <= reached) return;
      reached = step;
      notifySteps();
    },
    origin: (run, startedAt) => Math.min(startedAt, firstPoints.get(run) ?? startedAt),
    foundPoint: (run, time) => {
      if (time >= (firstPoints.get(run) ?? Number.POSITIVE_INFINITY)) return;
      firstPoints.set(run, time);
      delete known.relative;
      listeners.notify("relative");
    },
    epochs: (run) => epochs.get(run) ?? noEpochs,
    noteEpoch: (run, step, epoch) => {
      const held = epochs.get(run) ?? noEpochs;
      const last = held.at(-1);
      // A run that was rolled back to a checkpoint continues from there.
      const before = last && last.step >= step ? held.filter((anchor) => anchor.step < step) : held;
      if (last?.step === step && last.x === epoch) return;
      const next = [...before, { step, x: epoch }];
      epochs.set(run, next.length > epochCap ? next.filter((_, index) => index % 2 === 0) : next);
      listeners.notify("epoch");
    },
    subscribe: listeners.subscribe,
  };
}
