import { isStreamName, type StreamName } from "@signalbox/protocol/stream/stream-name";
import { isJsonObject, type JsonObject } from "@signalbox/protocol/wire/json";
import { fromWireNumber } from "@signalbox/protocol/wire/wire-number";
import { trusted } from "../trusted.ts";
import type { Command, JobStatus, Prediction } from "../types.ts";
import type { JournalRow, StreamMessage } from "./message.ts";
import { groupOf, integerOrNull, isoTime, objectOf, textOf, textOrNull } from "./row-fields.ts";

/** The place of a row's messages. */
type Place = Pick<StreamMessage, "job_id" | "seq">;

/** The messages of a row's data; none where the data is not of its stream's shape. */
type Decode = (place: Place, data: JsonObject) => StreamMessage[];

const decoders: Record<StreamName, Decode> = {
  status: decodeStatus,
  event: decodeEvent,
  metrics: decodeMetrics,
  timeline: decodePhase,
  logs: decodeLogs,
  prediction: decodePrediction,
  command: decodeCommand,
};

/**
 * The messages of one row, in order. Both transports decode here, so both emit the same. A row that
 * this version does not know, or that is not of its event's shape, gives none.
 */
export function decodeRow(jobId: string, { seq, event, data }: JournalRow): StreamMessage[] {
  if (!isStreamName(event) || !isJsonObject(data)) return [];
  return decoders[event]({ job_id: jobId, seq }, data);
}

function decodeStatus(place: Place, data: JsonObject): StreamMessage[] {
  const status = statusOrNull(data.to);
  if (status === null) return [];
  return [
    {
      stream_type: "status",
      timestamp: isoTime(data.created_at),
      ...place,
      data: {
        status,
        from: statusOrNull(data.from),
        reason: textOrNull(data.reason),
        actor: textOrNull(data.actor),
        attempt: typeof data.attempt === "number" ? data.attempt : 1,
      },
      step: null,
      phase: null,
      key: `status:${place.seq}`,
    },
  ];
}

function decodeEvent(place: Place, data: JsonObject): StreamMessage[] {
  const details = objectOf(data.data);
  return [
    {
      stream_type: "events",
      timestamp: isoTime(data.created_at),
      ...place,
      data: {
        type: textOf(data.type),
        level: textOf(data.level),
        message: textOf(data.message),
        data: details,
      },
      step: integerOrNull(details.step),
      phase: null,
      key: `events:${place.seq}`,
    },
  ];
}

function decodePhase(place: Place, data: JsonObject): StreamMessage[] {
  const phase = textOf(data.phase);
  return [
    {
      stream_type: "timeline",
      timestamp: isoTime(data.created_at),
      ...place,
      data: { phase, metadata: objectOf(data.metadata) },
      step: null,
      phase,
      key: `timeline:${place.seq}`,
    },
  ];
}

function decodeCommand(place: Place, data: JsonObject): StreamMessage[] {
  const command = trusted<Command>(data);
  const phase = `command:${command.type}:${command.status}`;
  const changedAt = command.applied_at ?? command.delivered_at ?? command.requested_at;
  return [
    {
      stream_type: "timeline",
      timestamp: isoTime(changedAt),
      ...place,
      data: { phase, metadata: command },
      step: integerOrNull(command.applied_step),
      phase,
      key: `timeline:${place.seq}`,
    },
  ];
}

function decodePrediction(place: Place, data: JsonObject): StreamMessage[] {
  if (!isJsonObject(data.prediction)) return [];
  const prediction = trusted<Prediction>(data.prediction);
  const { epoch, step, sample_index } = prediction;
  return [
    {
      stream_type: "predictions",
      timestamp: isoTime(prediction.created_at, data.timestamp),
      ...place,
      data: prediction,
      step: integerOrNull(step),
      phase: null,
      key: `predictions:${epoch}:${step}:${sample_index}:${place.seq}`,
    },
  ];
}

function decodeMetrics(place: Place, data: JsonObject): StreamMessage[] {
  const messages: StreamMessage[] = [];
  for (const [name, points] of Object.entries(data)) {
    if (!Array.isArray(points)) continue;
    points.forEach((point: unknown, index) => {
      if (!Array.isArray(point)) return;
      const [step, value, ms, epoch, phase]: unknown[] = point;
      messages.push({
        stream_type: "metrics",
        timestamp: isoTime(ms),
        ...place,
        data: {
          name,
          value: fromWireNumber(value),
          epoch: typeof epoch === "number" ? epoch : null,
        },
        step: integerOrNull(step),
        phase: textOrNull(phase) ?? groupOf(name),
        key: `metrics:${place.seq}:${name}:${index}`,
      });
    });
  }
  return messages;
}

function decodeLogs(place: Place, data: JsonObject): StreamMessage[] {
  if (!Array.isArray(data.lines)) return [];
  return data.lines.filter(isJsonObject).map(
    (line): StreamMessage => ({
      stream_type: "logs",
      timestamp: isoTime(line.ts),
      ...place,
      data: {
        line: typeof line.line === "number" ? line.line : 0,
        stream: textOf(line.stream),
        text: textOf(line.text),
      },
      step: null,
      phase: null,
      key: `logs:${line.line}`,
    }),
  );
}

/** A job's status; a newer dashboard may send one that this version does not know. */
function statusOrNull(value: unknown): JobStatus | null {
  return trusted<JobStatus | null>(textOrNull(value));
}
