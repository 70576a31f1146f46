import { createParser } from "eventsource-parser";
import type { Clock } from "../time/clock.ts";

/** One server-sent event. */
export interface ServerEvent {
  event: string;
  id: string | null;
  data: string;
}

export interface EventSourceTiming {
  /** Longest wait for the first event, from the request on. */
  connectTimeoutMs: number;
  /** Longest silence after that. */
  stallTimeoutMs: number;
}

/** The server accepted the connection, or seemed to, but sent no event in time. */
export class ConnectTimeoutError extends Error {
  override name = "ConnectTimeoutError";
}
/** Nothing has arrived for `stallTimeoutMs`: the connection is dead. */
export class StallTimeoutError extends Error {
  override name = "StallTimeoutError";
}
/** An event without an end: the peer does not send this protocol. */
export class OversizedEventError extends Error {
  override name = "OversizedEventError";
}

export interface EventSourceOptions {
  /** Opens the connection; its errors pass through. */
  open(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  clock: Clock;
  timing: EventSourceTiming;
  /** Closes the connection; the generator then throws its reason. */
  signal: AbortSignal;
}

/** Far above any event of Signalbox. */
const maxEventChars = 64 * 1024 * 1024;

/**
 * The events of one connection until the server closes it. Yields once for each chunk received, with
 * the events completed by it, possibly none. An event that is incomplete at the end is dropped.
 * @throws ConnectTimeoutError, StallTimeoutError, OversizedEventError; what `open` or the body throws
 */
export async function* readEventSource(
  options: EventSourceOptions,
): AsyncGenerator<ServerEvent[], void> {
  const { clock, signal, timing } = options;
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  let timer: unknown = null;
  const arm = (ms: number, Fault: typeof ConnectTimeoutError | typeof StallTimeoutError) => {
    clock.clearTimeout(timer);
    timer = clock.setTimeout(() => controller.abort(new Fault(`No data for ${ms} ms.`)), ms);
  };
  let connected = false;
  arm(timing.connectTimeoutMs, ConnectTimeoutError);
  try {
    const body = await options.open(controller.signal);
    for await (const events of readBody(body, controller.signal)) {
      connected ||= events.length > 0;
      // The consumer may take its time: that is no silence of the server.
      if (connected) clock.clearTimeout(timer);
      yield events;
      if (connected) arm(timing.stallTimeoutMs, StallTimeoutError);
    }
  } catch (error) {
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    clock.clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    controller.abort();
  }
}

async function* readBody(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent[], void> {
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  const decoder = new TextDecoder();
  let events: ServerEvent[] = [];
  let oversized = false;
  const parser = createParser({
    maxBufferSize: maxEventChars,
    onError: ({ type }) => {
      oversized ||= type === "max-buffer-size-exceeded";
    },
    onEvent: ({ event, id, data }) =>
      events.push({ event: event ?? "message", id: id ?? null, data }),
  });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      if (oversized) throw new OversizedEventError("An event is too large.");
      yield events;
      events = [];
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}
