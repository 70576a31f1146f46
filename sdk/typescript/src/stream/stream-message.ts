import { fromWireNumber } from "@signalbox/protocol/wire/wire-number";
import type { JobStatus } from "../types.ts";
import type {
  EventMessage,
  StreamMessage as Message,
  MetricMessage,
  StatusMessage,
  StreamData,
  StreamType,
  TimelineMessage,
} from "./message.ts";
import { groupOf, integerOrNull, isoTime, objectOf } from "./row-fields.ts";

/** What a reply says about the place of an entry. */
interface Placed {
  seq?: number | undefined;
  created_at?: string | undefined;
  updated_at?: string | undefined;
  step?: number | null | undefined;
}

/** From a run, or a change of its status, as the API returns it. */
function fromStatus(
  jobId: string,
  data: Placed & { status: JobStatus } & Partial<StreamData["status"]>,
): StatusMessage {
  const filled = { from: null, reason: null, actor: null, attempt: 1, ...data };
  const place = placeOf(jobId, data);
  const key = `status:${place.seq || place.timestamp}`;
  return { stream_type: "status", ...place, data: filled, step: null, phase: null, key };
}

/** From an event of `/events`. */
function fromEvent(
  jobId: string,
  data: Placed & { type: string } & Partial<StreamData["events"]>,
): EventMessage {
  const filled = { level: "info", message: "", ...data, data: objectOf(data.data) };
  const place = placeOf(jobId, data);
  const step = integerOrNull(filled.data.step);
  const key = `events:${place.seq || place.timestamp}`;
  return { stream_type: "events", ...place, data: filled, step, phase: null, key };
}

/** From a point of `/metrics`; its value may be a word for NaN or an infinity. */
function fromMetric(
  jobId: string,
  data: Placed & {
    name: string;
    value: number | string;
    epoch?: number | null | undefined;
    phase?: string | null | undefined;
  },
): MetricMessage {
  const filled = { ...data, value: fromWireNumber(data.value), epoch: data.epoch ?? null };
  const place = placeOf(jobId, data);
  const step = integerOrNull(data.step);
  const phase = data.phase ?? groupOf(data.name);
  const key = `metrics:${place.seq || place.timestamp}:${data.name}:${step}`;
  return { stream_type: "metrics", ...place, data: filled, step, phase, key };
}

/** From an entry of `/timeline`. */
function fromTimeline(
  jobId: string,
  data: Placed & { phase: string; metadata?: StreamData["timeline"]["metadata"] | null },
): TimelineMessage {
  const { phase } = data;
  const filled = { ...data, metadata: data.metadata ?? {} };
  const place = placeOf(jobId, data);
  const key = place.seq ? `timeline:${place.seq}` : `timeline:${phase}:${place.timestamp}`;
  return { stream_type: "timeline", ...place, data: filled, step: null, phase, key };
}

function placeOf(jobId: string, { seq, created_at, updated_at }: Placed) {
  return {
    job_id: jobId,
    seq: integerOrNull(seq) ?? 0,
    timestamp: isoTime(updated_at, created_at),
  };
}

/** One message of a run. Switch on `stream_type` to know its `data`. */
export type StreamMessage<Type extends StreamType = StreamType> = Message<Type>;

/** Messages made of what the routes of `/api/learning/jobs/{id}` return. */
export const StreamMessage = { fromStatus, fromEvent, fromMetric, fromTimeline };
