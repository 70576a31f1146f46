import type { metricTupleSchema } from "@signalbox/protocol/stream/stream-row";
import { fromWireNumber } from "@signalbox/protocol/wire/wire-number";
import type { z } from "zod";

export type MetricTuple = z.infer<typeof metricTupleSchema>;

/**
 * The live part of one series, in the order of arrival: steps may repeat, skip or fall back.
 * The arrays grow in place; a new `version` (in a new object) says that they did.
 */
export interface SeriesTail {
  readonly steps: number[];
  /** NaN and the infinities as such. */
  readonly values: number[];
  /** The trainer's time, milliseconds since 1970. */
  readonly times: number[];
  /** The seq of each point's row; ascending. */
  readonly seqs: number[];
  readonly version: number;
  /** Set once old points were dropped: the lowest step that is complete here. */
  readonly droppedBefore: number | null;
}

const seriesTailCap = 20_000;

const emptyTail: Omit<SeriesTail, "steps" | "values" | "times" | "seqs"> = {
  version: 0,
  droppedBefore: null,
};

/** The tail with further points; past the cap its older half is dropped. */
export function appendPoints(
  tail: SeriesTail | undefined,
  points: readonly MetricTuple[],
  seq: number,
  cap = seriesTailCap,
): SeriesTail {
  const grown = tail ?? { ...emptyTail, steps: [], values: [], times: [], seqs: [] };
  for (const [step, value, ts] of points) {
    grown.steps.push(step);
    grown.values.push(fromWireNumber(value));
    grown.times.push(ts);
    grown.seqs.push(seq);
  }
  if (grown.steps.length <= cap) return { ...grown, version: grown.version + 1 };
  const from = grown.steps.length - Math.floor(cap / 2);
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < from; index += 1) {
    highest = Math.max(highest, grown.steps[index] ?? highest);
  }
  return {
    steps: grown.steps.slice(from),
    values: grown.values.slice(from),
    times: grown.times.slice(from),
    seqs: grown.seqs.slice(from),
    version: grown.version + 1,
    droppedBefore: Math.max(grown.droppedBefore ?? 0, highest + 1),
  };
}
