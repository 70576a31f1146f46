import type { Command, JobStatus, JsonObject, Prediction } from "../types.ts";

export const StreamType = {
  STATUS: "status",
  EVENTS: "events",
  METRICS: "metrics",
  TIMELINE: "timeline",
  LOGS: "logs",
  PREDICTIONS: "predictions",
} as const;
export type StreamType = (typeof StreamType)[keyof typeof StreamType];
export const streamTypes: readonly StreamType[] = Object.values(StreamType);

/** What each kind of message tells. */
export interface StreamData {
  status: {
    status: JobStatus;
    from: JobStatus | null;
    reason: string | null;
    actor: string | null;
    attempt: number;
  };
  events: { type: string; level: string; message: string; data: JsonObject };
  /** `value` may be NaN or infinite. */
  metrics: { name: string; value: number; epoch: number | null };
  /** A command is the phase `command:<type>:<status>` with the command as its metadata. */
  timeline: { phase: string; metadata: JsonObject | Command };
  logs: { line: number; stream: string; text: string };
  predictions: Prediction;
}

interface Message<Type extends StreamType> {
  stream_type: Type;
  /** When it happened: ISO 8601 in UTC with milliseconds. */
  timestamp: string;
  job_id: string;
  data: StreamData[Type];
  /** Its place in the run's journal; several messages may share one. */
  seq: number;
  step: number | null;
  phase: string | null;
  /** The same for the same thing, however often it is read. */
  key: string;
}

export type StatusMessage = Message<"status">;
export type EventMessage = Message<"events">;
export type MetricMessage = Message<"metrics">;
export type TimelineMessage = Message<"timeline">;
export type LogMessage = Message<"logs">;
export type PredictionMessage = Message<"predictions">;

/** One thing that a run told. Switch on `stream_type` to know its `data`. */
export type StreamMessage =
  | StatusMessage
  | EventMessage
  | MetricMessage
  | TimelineMessage
  | LogMessage
  | PredictionMessage;

/** What one seq of a run's journal tells; several rows may share a seq. */
export interface JournalRow {
  seq: number;
  event: string;
  data: unknown;
}
