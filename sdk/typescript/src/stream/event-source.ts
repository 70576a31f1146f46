import {
  ConnectTimeoutError,
  type EventSourceTiming,
  OversizedEventError,
  readEventSource,
  type ServerEvent,
  StallTimeoutError,
} from "@signalbox/protocol/stream/event-source";
import { ConnectionError } from "../errors.ts";
import { errorOf, type Http } from "../http.ts";

/** The server responds, but not with a live stream. */
export class NoStreamError extends Error {
  override name = "NoStreamError";
}

/** A connection that sent no frame in time, or none before it ended. */
export class SilentConnectionError extends ConnectionError {
  override name = "SilentConnectionError";
}

/** The server says that nothing follows the cursor: the run has ended, and a client should stop. */
export class FinishedStreamError extends SilentConnectionError {
  override name = "FinishedStreamError";
}

/** The server sends a heartbeat every 15 s: a longer silence is a dead connection. */
export const connectionTiming: EventSourceTiming = {
  connectTimeoutMs: 15_000,
  stallTimeoutMs: 45_000,
};

const noStreamStatuses = new Set([404, 405, 406, 501]);

/**
 * The frames of one connection, chunk by chunk, until it ends or breaks, which throws a
 * ConnectionError.
 * @throws NoStreamError where the route or its type is not there; FinishedStreamError for status 204;
 * SignalboxError of a refusal
 */
export async function* readFrames(
  http: Http,
  path: string,
  query: Record<string, string | number | null>,
  signal: AbortSignal,
  timing: EventSourceTiming = connectionTiming,
): AsyncGenerator<ServerEvent[], never> {
  let received = false;
  const open = (connection: AbortSignal) => openStream(http, path, query, connection);
  try {
    for await (const frames of readEventSource({ open, clock: http.clock, timing, signal })) {
      if (frames.length === 0) continue;
      received = true;
      yield frames;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw asConnectionError(error);
  }
  throw received ? lost("The server closed the stream.") : silent();
}

async function openStream(
  http: Http,
  path: string,
  query: Record<string, string | number | null>,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const headers = { accept: "text/event-stream" };
  const response = await http.open(path, { query, headers, signal });
  const { status, body } = response;
  if (status === 204) {
    throw new FinishedStreamError({ code: "connection", message: "The stream has ended." });
  }
  if (noStreamStatuses.has(status)) {
    await body?.cancel();
    throw new NoStreamError(`The server responded with ${status} instead of a live stream.`);
  }
  if (!response.ok) {
    const reply: unknown = await response.json().catch(() => null);
    throw errorOf(response, reply, http.clock.wallTime());
  }
  const type = response.headers.get("content-type") ?? "";
  if (!body || !/^text\/event-stream\b/i.test(type)) {
    await body?.cancel();
    throw new NoStreamError(`The server sent “${type}” instead of a live stream.`);
  }
  return body;
}

function asConnectionError(error: unknown): unknown {
  if (error instanceof ConnectTimeoutError) return silent();
  if (error instanceof StallTimeoutError) return lost("The stream stalled.");
  if (error instanceof OversizedEventError) {
    return new NoStreamError("The live stream has a frame without an end.");
  }
  if (error instanceof TypeError) return lost("The stream broke.", error);
  return error;
}

function lost(message: string, cause?: unknown): ConnectionError {
  return new ConnectionError({ code: "connection", message, cause });
}

function silent(): SilentConnectionError {
  return new SilentConnectionError({ code: "connection", message: "The stream sent no frame." });
}
