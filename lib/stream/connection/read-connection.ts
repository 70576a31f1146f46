import {
  ConnectTimeoutError,
  type EventSourceOptions,
  readEventSource,
  type ServerEvent,
  StallTimeoutError,
} from "@signalbox/protocol/stream/event-source";
import { retryAfterMs } from "@signalbox/protocol/time/backoff";
import { errorReplySchema } from "@signalbox/protocol/wire/error";

/** How one connection ended. */
export type Outcome =
  /** The server has nothing more to send, now or later. */
  | { kind: "finished"; reason: string }
  /** The body ended without an `end` event. */
  | { kind: "closed"; reason: string }
  /** The connection could not be made, or broke. */
  | { kind: "lost"; reason: string }
  /** Given up: nothing arrived in time. */
  | { kind: "silent"; reason: string }
  /** Not now: worth another attempt, no sooner than the server says. */
  | { kind: "unavailable"; reason: string; httpStatus: number; retryAfterMs: number }
  /** Not worth another attempt. */
  | { kind: "refused"; reason: string; httpStatus: number };

export interface ConnectionRequest extends Omit<EventSourceOptions, "open"> {
  url: string;
  headers: Record<string, string>;
  fetch: typeof fetch;
  /** Called for each chunk, before the events that it completes. */
  onBytes(): void;
  onMessage(message: ServerEvent): void;
}

const retryableStatuses = new Set([408, 425, 429]);

/** An answer that is not an event stream. */
class NoEventStream extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.reason);
    this.outcome = outcome;
  }
}

/** Opens one connection and reads it to its end. Never rejects; calls nothing after an abort. */
export async function readConnection(request: ConnectionRequest): Promise<Outcome> {
  const { signal, onBytes, onMessage } = request;
  try {
    const open = (connection: AbortSignal) => openBody(request, connection);
    for await (const messages of readEventSource({ ...request, open })) {
      if (!signal.aborted) onBytes();
      for (const message of messages) if (!signal.aborted) onMessage(message);
    }
    return { kind: "closed", reason: "The server closed the connection." };
  } catch (error) {
    if (error instanceof NoEventStream) return error.outcome;
    if (error instanceof ConnectTimeoutError) {
      return { kind: "silent", reason: "The server did not respond in time." };
    }
    if (error instanceof StallTimeoutError) return { kind: "silent", reason: stalledReason };
    return { kind: "lost", reason: "The connection to the server broke." };
  }
}

export const stalledReason = "The connection stalled.";

async function openBody(
  { url, headers, fetch, clock }: ConnectionRequest,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(url, {
    headers,
    signal,
    credentials: "same-origin",
    cache: "no-store",
  });
  if (!response.ok) throw new NoEventStream(await failureOf(response, clock.wallTime()));
  if (response.status === 204) {
    throw new NoEventStream({ kind: "finished", reason: "The server has nothing more to send." });
  }
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  if (isStream && response.body) return response.body;
  await response.body?.cancel();
  throw new NoEventStream({ kind: "lost", reason: "The server did not send an event stream." });
}

async function failureOf(response: Response, now: number): Promise<Outcome> {
  const { status } = response;
  const reply = errorReplySchema.safeParse(await response.json().catch(() => null));
  const reason = reply.success
    ? reply.data.error.message
    : `The server responded with status ${status}.`;
  if (status >= 500 || retryableStatuses.has(status)) {
    const wait = retryAfterMs(response.headers.get("retry-after"), now);
    return { kind: "unavailable", reason, httpStatus: status, retryAfterMs: wait };
  }
  return { kind: "refused", reason, httpStatus: status };
}
