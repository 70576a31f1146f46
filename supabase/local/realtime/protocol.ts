import { z } from "zod";

/** The two serialisers that realtime-js speaks: objects in 1.0.0, arrays and binary in 2.0.0. */
export type ProtocolVersion = "1.0.0" | "2.0.0";

/** One Phoenix message, whichever way it travelled. */
export type Message = {
  joinRef: string | null;
  ref: string | null;
  topic: string;
  event: string;
  payload: unknown;
};

const reference = z
  .string()
  .max(255)
  .nullish()
  .transform((value) => value ?? null);
const name = z.string().min(1).max(512);

const objectFrame = z.object({
  join_ref: reference,
  ref: reference,
  topic: name,
  event: name,
  payload: z.unknown(),
});
const arrayFrame = z.tuple([reference, reference, name, name, z.unknown()]);

/** Reads a frame of either version; undefined where it is not a Phoenix message. */
export function decodeFrame(data: Buffer, isBinary: boolean): Message | undefined {
  if (isBinary) return decodePush(data);
  let json: unknown;
  try {
    json = JSON.parse(data.toString("utf8"));
  } catch {
    return undefined;
  }
  const array = arrayFrame.safeParse(json);
  if (array.success) {
    const [joinRef, ref, topic, event, payload] = array.data;
    return { joinRef, ref, topic, event, payload };
  }
  const object = objectFrame.safeParse(json);
  if (!object.success) return undefined;
  const { join_ref: joinRef, ref, topic, event, payload } = object.data;
  return { joinRef, ref, topic, event, payload };
}

/** Writes a message the way a client of that version reads it. */
export function encodeFrame(version: ProtocolVersion, message: Message): string {
  const { joinRef, ref, topic, event, payload } = message;
  return version === "2.0.0"
    ? JSON.stringify([joinRef, ref, topic, event, payload])
    : JSON.stringify({ join_ref: joinRef, ref, topic, event, payload });
}

const userBroadcastPush = 3;

/**
 * Reads the header of a client's binary broadcast: kind, five lengths (join ref, ref, topic, event,
 * metadata), encoding, then those fields. The content is dropped, as clients may not broadcast.
 */
function decodePush(data: Buffer): Message | undefined {
  const [kind, joinRefLength = 0, refLength = 0, topicLength = 0] = data;
  const start = 7;
  if (kind !== userBroadcastPush || data.length < start + joinRefLength + refLength + topicLength) {
    return undefined;
  }
  const joinRef = data.toString("utf8", start, start + joinRefLength);
  const ref = data.toString("utf8", start + joinRefLength, start + joinRefLength + refLength);
  const topicStart = start + joinRefLength + refLength;
  const topic = data.toString("utf8", topicStart, topicStart + topicLength);
  if (!topic) return undefined;
  return { joinRef: joinRef || null, ref: ref || null, topic, event: "broadcast", payload: {} };
}
