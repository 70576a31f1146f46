import { type StreamName, streamNames } from "@signalbox/protocol/stream/stream-name";
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

/** Where `/api/learning/jobs/{id}` serves a kind; logs and predictions are among all rows. */
export function endpointPath(type: StreamType): string {
  const paths: Partial<Record<StreamType, string>> = {
    status: "",
    events: "/events",
    metrics: "/metrics",
    timeline: "/timeline",
  };
  return paths[type] ?? "/rows";
}

/** The kind of message that the rows of each of the dashboard's streams become. */
const messageTypeOf: Record<StreamName, StreamType> = {
  status: "status",
  event: "events",
  metrics: "metrics",
  timeline: "timeline",
  logs: "logs",
  prediction: "predictions",
  command: "timeline",
};

/** The dashboard's streams whose rows become messages of these kinds. */
export function streamsOf(types: readonly StreamType[]): StreamName[] {
  return types.flatMap((type) => streamNames.filter((name) => messageTypeOf[name] === type));
}

/** The data of each kind of message. */
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
  /** Its position in the run's journal; several messages may share one. */
  seq: number;
  step: number | null;
  phase: string | null;
  /** Identifies the message, however often it is read. */
  key: string;
}

export type StatusMessage = Message<"status">;
export type EventMessage = Message<"events">;
export type MetricMessage = Message<"metrics">;
export type TimelineMessage = Message<"timeline">;
export type LogMessage = Message<"logs">;
export type PredictionMessage = Message<"predictions">;

/** One message of a run. Switch on `stream_type` to know its `data`. */
export type StreamMessage<Type extends StreamType = StreamType> = {
  [Each in Type]: Message<Each>;
}[Type];

/** A row of a run's journal; several may share a seq. */
export interface JournalRow {
  seq: number;
  event: string;
  data: unknown;
}
