import { isJsonObject } from "@signalbox/protocol/json";
import { fromWireNumber } from "@signalbox/protocol/wire-number";
import type { Command, JobStatus, JsonObject, Prediction } from "../types.ts";
import type { JournalRow, StreamMessage } from "./message.ts";

/**
 * The messages of one row, in order. Both transports come through here, so both tell the same. A
 * row that this version does not know, or that is not of its event's shape, gives none.
 */
export function decodeRow(jobId: string, row: JournalRow): StreamMessage[] {
  const { seq, event, data } = row;
  if (!isJsonObject(data)) return [];
  const common = { job_id: jobId, seq };
  switch (event) {
    case "status":
      if (typeof data.to !== "string") return [];
      return [
        {
          stream_type: "status",
          timestamp: isoTime(data.created_at),
          ...common,
          data: {
            status: data.to as JobStatus,
            from: textOrNull(data.from) as JobStatus | null,
            reason: textOrNull(data.reason),
            actor: textOrNull(data.actor),
            attempt: typeof data.attempt === "number" ? data.attempt : 1,
          },
          step: null,
          phase: null,
          key: `status:${seq}`,
        },
      ];
    case "event": {
      const details = objectOf(data.data);
      return [
        {
          stream_type: "events",
          timestamp: isoTime(data.created_at),
          ...common,
          data: {
            type: textOf(data.type),
            level: textOf(data.level),
            message: textOf(data.message),
            data: details,
          },
          step: integerOrNull(details.step),
          phase: null,
          key: `events:${seq}`,
        },
      ];
    }
    case "metrics":
      return decodeMetrics(jobId, seq, data);
    case "timeline": {
      const phase = textOf(data.phase);
      return [
        {
          stream_type: "timeline",
          timestamp: isoTime(data.created_at),
          ...common,
          data: { phase, metadata: objectOf(data.metadata) },
          step: null,
          phase,
          key: `timeline:${seq}`,
        },
      ];
    }
    case "command": {
      const command = data as unknown as Command;
      const phase = `command:${command.type}:${command.status}`;
      const changedAt = command.applied_at ?? command.delivered_at ?? command.requested_at;
      return [
        {
          stream_type: "timeline",
          timestamp: isoTime(changedAt),
          ...common,
          data: { phase, metadata: command },
          step: integerOrNull(command.applied_step),
          phase,
          key: `timeline:${seq}`,
        },
      ];
    }
    case "logs":
      return decodeLogs(jobId, seq, data);
    case "prediction": {
      if (!isJsonObject(data.prediction)) return [];
      const prediction = data.prediction as unknown as Prediction;
      const { epoch, step, sample_index } = prediction;
      return [
        {
          stream_type: "predictions",
          timestamp: isoTime(prediction.created_at, data.timestamp),
          ...common,
          data: prediction,
          step: integerOrNull(step),
          phase: null,
          key: `predictions:${epoch}:${step}:${sample_index}:${seq}`,
        },
      ];
    }
    default:
      return [];
  }
}

function decodeMetrics(jobId: string, seq: number, data: JsonObject): StreamMessage[] {
  const messages: StreamMessage[] = [];
  for (const [name, points] of Object.entries(data)) {
    if (!Array.isArray(points)) continue;
    points.forEach((point: unknown, index) => {
      if (!Array.isArray(point)) return;
      const [step, value, ms, epoch, phase] = point as unknown[];
      messages.push({
        stream_type: "metrics",
        timestamp: isoTime(ms),
        job_id: jobId,
        data: {
          name,
          value: fromWireNumber(value),
          epoch: typeof epoch === "number" ? epoch : null,
        },
        seq,
        step: integerOrNull(step),
        phase: textOrNull(phase) ?? groupOf(name),
        key: `metrics:${seq}:${name}:${index}`,
      });
    });
  }
  return messages;
}

function decodeLogs(jobId: string, seq: number, data: JsonObject): StreamMessage[] {
  if (!Array.isArray(data.lines)) return [];
  return data.lines.filter(isJsonObject).map(
    (line): StreamMessage => ({
      stream_type: "logs",
      timestamp: isoTime(line.ts),
      job_id: jobId,
      data: {
        line: typeof line.line === "number" ? line.line : 0,
        stream: textOf(line.stream),
        text: textOf(line.text),
      },
      seq,
      step: null,
      phase: null,
      key: `logs:${line.line}`,
    }),
  );
}

/** The part of a series' name before its first `/` or `.`; null where there is none. */
function groupOf(name: string): string | null {
  const end = name.search(/[/.]/);
  return end > 0 ? name.slice(0, end) : null;
}

const whole = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The first of some times (ISO text, or milliseconds since 1970) that is one, as ISO in UTC. */
function isoTime(...times: unknown[]): string {
  for (const time of times) {
    if (typeof time === "string" && whole.test(time)) return time;
    if (typeof time !== "string" && typeof time !== "number") continue;
    const date = new Date(time);
    if (!Number.isNaN(date.getTime())) return date.toISOString();
  }
  return "1970-01-01T00:00:00.000Z";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** A whole number of 64 bits, as steps are. */
function integerOrNull(value: unknown): number | null {
  if (typeof value !== "number" || !Number.isInteger(value)) return null;
  return Math.abs(value) < 2 ** 63 ? value : null;
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
