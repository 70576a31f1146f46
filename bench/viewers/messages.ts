/** Names of the series that carry a post's number and the moment just before it was sent. */
export const stepSeries = "bench/step";
export const sentSeries = "bench/sent";

export type ToCrowd =
  | { do: "open"; port: number; path: string; headers: Record<string, string>; count: number }
  /** Forget what came so far: the steps that count come next. */
  | { do: "measure"; steps: number }
  /** Tell what came, and whether every viewer has seen `seq`. */
  | { do: "report"; seq: number };

export interface CrowdReport {
  /** Milliseconds from just before the post to its arrival, a figure for each viewer and step. */
  latencies: Float64Array;
  lost: number;
  doubled: number;
  /** Ids that did not grow, steps out of order, connections that ended. */
  wrong: number;
  /** Viewers that have not come to the wanted seq. */
  behind: number;
  /** Seconds of processor time that the crowd itself has used. */
  cpuSeconds: number;
}

export type FromCrowd = { did: "open" } | { did: "report"; report: CrowdReport };
