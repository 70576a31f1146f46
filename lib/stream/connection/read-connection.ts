import { errorReplySchema } from "@signalbox/protocol/error";
import { createParser } from "eventsource-parser";
import { retryAfterMs } from "./backoff.ts";

export interface StreamMessage {
  event: string;
  id: string | null;
  data: string;
}

/** How one connection came to its end. */
export type Outcome =
  /** The body ended without a word, or broke. */
  | { kind: "lost"; reason: string }
  /** Not now: worth another attempt, no sooner than the server says. */
  | { kind: "unavailable"; reason: string; httpStatus: number; retryAfterMs: number }
  /** Not ever, as things stand. */
  | { kind: "refused"; reason: string; httpStatus: number };

export interface ConnectionRequest {
  url: string;
  headers: Record<string, string>;
  fetch: typeof fetch;
  signal: AbortSignal;
  now(): number;
  onBytes(): void;
  onMessage(message: StreamMessage): void;
}

/** Far above any frame of ours; a peer that sends more without a frame's end is broken. */
const maxFrameChars = 64 * 1024 * 1024;
const retryable = new Set([408, 425, 429]);

/**
 * Opens one connection and reads it to its end. Frames may be cut anywhere between chunks; what
 * is incomplete at the end is dropped. Never rejects; after an abort nothing is called any more.
 */
export async function readConnection(request: ConnectionRequest): Promise<Outcome> {
  try {
    const response = await request.fetch(request.url, {
      headers: request.headers,
      signal: request.signal,
      credentials: "same-origin",
      cache: "no-store",
    });
    if (!response.ok) return await refusal(response, request.now());
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
    if (!isStream || !response.body) {
      await response.body?.cancel();
      return { kind: "lost", reason: "The server's answer is not a stream." };
    }
    await readBody(response.body, request);
    return { kind: "lost", reason: "The server closed the connection." };
  } catch {
    return { kind: "lost", reason: "The connection to the server broke." };
  }
}

async function readBody(
  body: ReadableStream<Uint8Array>,
  { signal, onBytes, onMessage }: ConnectionRequest,
): Promise<void> {
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  const decoder = new TextDecoder();
  const parser = createParser({
    maxBufferSize: maxFrameChars,
    onEvent({ event, id, data }) {
      if (!signal.aborted) onMessage({ event: event ?? "message", id: id ?? null, data });
    },
  });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      onBytes();
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}

async function refusal(response: Response, now: number): Promise<Outcome> {
  const { status } = response;
  const reply = errorReplySchema.safeParse(await response.json().catch(() => null));
  const reason = reply.success ? reply.data.error.message : `The server answered ${status}.`;
  if (status >= 500 || retryable.has(status)) {
    const wait = retryAfterMs(response.headers.get("retry-after"), now);
    return { kind: "unavailable", reason, httpStatus: status, retryAfterMs: wait };
  }
  return { kind: "refused", reason, httpStatus: status };
}
