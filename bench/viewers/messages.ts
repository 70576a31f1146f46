/** Names of the series that carry a post's number and the moment just before it was sent. */
export const stepSeries = "bench/step";
export const sentSeries = "bench/sent";

export type PoolRequest =
  | {
      type: "open";
      port: number;
      path: string;
      headers: Record<string, string>;
      count: number;
      /** How many of them decode what they get, and so count steps and latencies. */
      reading: number;
    }
  /** Discard what was received so far: the measured steps follow. */
  | { type: "measure"; steps: number }
  /** Report what was received, and whether every viewer has seen `seq`. */
  | { type: "report"; seq: number };

export interface PoolReport {
  /** Milliseconds from just before the post to its arrival, a figure for each viewer and step. */
  latencies: Float64Array;
  lost: number;
  doubled: number;
  /** Ids that did not grow, steps out of order, connections that ended. */
  wrong: number;
  /** Viewers that have not reached the requested seq. */
  behind: number;
  /** Bytes on the wire to all viewers, before they were decoded. */
  bytes: number;
  /** Seconds of processor time that the viewers themselves used. */
  cpuSeconds: number;
}

export type PoolReply = { type: "open" } | { type: "report"; report: PoolReport };
