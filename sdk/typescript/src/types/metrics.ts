/** One step's figures. Values are numbers, NaN and infinities included. */
export type MetricRow = {
  step: number;
  epoch: number | null;
  timestamp: string;
} & { [series: string]: number | string | null };

export interface MetricPage {
  job_id: string;
  metrics: MetricRow[];
  /** The next page's `after_seq`. */
  next_seq: number;
  /** Points of the whole run. */
  total: number;
}

export interface MetricQuery {
  names?: readonly string[] | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

/** Figures of the raw points between two steps. */
export interface SeriesBucket {
  step_first: number;
  step_last: number;
  min: number | null;
  max: number | null;
  mean: number | null;
  first: number;
  last: number;
  count: number;
  nan_count: number;
  epoch_first?: number | null | undefined;
  epoch_last?: number | null | undefined;
  time_first?: number | null | undefined;
  time_last?: number | null | undefined;
}

export interface SeriesReply {
  job_id: string;
  last_seq: number;
  series: { name: string; unit?: string | null | undefined; buckets: SeriesBucket[] }[];
}

/** A point to be stored. */
export interface MetricPoint {
  name: string;
  step: number;
  /** Any number, NaN and infinities included. */
  value: number;
  epoch?: number | null | undefined;
  phase?: string | null | undefined;
  timestamp?: string | number | null | undefined;
}

export interface IngestReply {
  count: number;
  last_seq: number;
}
