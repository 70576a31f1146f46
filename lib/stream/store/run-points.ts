import { fromWireNumber } from "@signalbox/protocol/wire/wire-number";
import type { TrainingFrame } from "./frames.ts";

/** The live part of a series of one of several runs; another object once it has grown. */
export interface RunSeriesTail {
  readonly steps: number[];
  readonly values: number[];
  /** The seq of each point's row; ascending. */
  readonly seqs: number[];
  /** The trainer's time, milliseconds since 1970. */
  readonly times: number[];
  /** NaN where a point has none. */
  readonly epochs: number[];
  /** Set once old points were dropped: the seq from which on none is missing. */
  readonly from: number | null;
}

type Points = Extract<TrainingFrame, { event: "metrics" }>["data"][string];

const tailCap = 8_000;

const emptyTail = (): RunSeriesTail => ({
  steps: [],
  values: [],
  seqs: [],
  times: [],
  epochs: [],
  from: null,
});

/** The tail with the points of a `full=1` row; past the cap its older half is dropped. */
export function appendRunPoints(
  tail: RunSeriesTail | undefined,
  points: Points,
  seq: number,
  cap = tailCap,
): RunSeriesTail {
  const grown = { ...(tail ?? emptyTail()) };
  for (const [step, value, ms, epoch] of points) {
    grown.steps.push(step);
    grown.values.push(fromWireNumber(value));
    grown.seqs.push(seq);
    grown.times.push(ms);
    grown.epochs.push(typeof epoch === "number" ? epoch : Number.NaN);
  }
  return grown.steps.length > cap ? newerHalf(grown, cap) : grown;
}

function newerHalf({ steps, values, seqs, times, epochs }: RunSeriesTail, cap: number) {
  const start = steps.length - Math.floor(cap / 2);
  const dropped = seqs[start - 1] ?? 0;
  return {
    steps: steps.slice(start),
    values: values.slice(start),
    seqs: seqs.slice(start),
    times: times.slice(start),
    epochs: epochs.slice(start),
    // A history must reach the last row that was dropped, maybe in part.
    from: dropped,
  };
}
