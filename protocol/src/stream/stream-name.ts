/** The streams whose rows share one job's `seq`. */
export const streamNames = [
  "status",
  "event",
  "metrics",
  "timeline",
  "logs",
  "prediction",
  "command",
] as const;
export type StreamName = (typeof streamNames)[number];

export function isStreamName(text: string): text is StreamName {
  return streamNames.some((name) => name === text);
}
