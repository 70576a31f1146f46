/** What a process that floods is told. */
export interface FloodPlan {
  flood: FloodName;
  url: string;
  accessToken: string;
  jobId: string;
  jobToken: string;
  /** A run with many series and predictions. */
  wideJobId: string;
}

/** What it says at the end. */
export interface FloodReport {
  done: number;
  /** Answered with 4xx or 503: told to slow down. */
  refused: number;
}

export const floodNames = [
  "small batches, 8 senders",
  "batches of 1,000 points, 8 senders",
  "batches of 10,000 points, 16 senders",
  "batches of 500 predictions, 8 senders",
  "100 viewers of a run that reports",
  "20 viewers that do not read",
  "reads of 1,000 series, 8 readers",
  "lists and searches, 16 readers",
  "sign-ins, 8 at a time",
] as const;
export type FloodName = (typeof floodNames)[number];
