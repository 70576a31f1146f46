import { createParser } from "eventsource-parser";
import { ConnectionError, type SignalboxError } from "../errors.ts";
import { errorOf, type Http } from "../http.ts";

export interface Frame {
  event: string;
  id: string | null;
  data: string;
}

/** The stream is not to be had here, though the server answers. */
export class NoStreamError extends Error {
  override name = "NoStreamError";
}

/** A connection that brought no frame in time, or none before it ended. */
export class SilentConnectionError extends ConnectionError {
  override name = "SilentConnectionError";
}

export interface ConnectionTiming {
  /** Longest wait for the first frame. */
  firstFrameMs: number;
  /** Longest silence after that: the server beats every 15 s, so a longer one is a dead line. */
  stallMs: number;
}

export const connectionTiming: ConnectionTiming = { firstFrameMs: 15_000, stallMs: 45_000 };

/** Far above any frame of ours: what is longer is no stream of Signalbox. */
const maxFrameChars = 64 * 1024 * 1024;
const noStream = new Set([404, 405, 406, 501]);

/**
 * The frames of one connection, chunk by chunk, until it ends or breaks, which throws a
 * ConnectionError. Frames may be cut anywhere; what is incomplete at the end is dropped.
 * @throws NoStreamError where the route or its type is not there; SignalboxError of a refusal
 */
export async function* readFrames(
  http: Http,
  path: string,
  query: Record<string, string | number | null>,
  outer: AbortSignal,
  timing: ConnectionTiming = connectionTiming,
): AsyncGenerator<Frame[], never> {
  const { clock } = http;
  const controller = new AbortController();
  const onAbort = () => controller.abort(outer.reason);
  if (outer.aborted) onAbort();
  outer.addEventListener("abort", onAbort, { once: true });
  let timer: unknown = null;
  const arm = (ms: number, fault: () => SignalboxError) => {
    clock.clearTimeout(timer);
    timer = clock.setTimeout(() => controller.abort(fault()), ms);
  };
  let heard = false;
  arm(timing.firstFrameMs, silent);
  try {
    const response = await http.open(path, {
      query,
      headers: { accept: "text/event-stream" },
      signal: controller.signal,
    });
    const body = await streamBody(response, clock.now());
    for await (const frames of framesOf(body, controller.signal)) {
      if (frames.length > 0) {
        heard = true;
        // Whoever takes the frames may take their time: that is no silence of the line.
        clock.clearTimeout(timer);
        yield frames;
      }
      if (heard) arm(timing.stallMs, stalled);
    }
    throw heard ? lost("The server closed the stream.") : silent();
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason;
    if (error instanceof TypeError) throw lost("The stream broke.", error);
    throw error;
  } finally {
    clock.clearTimeout(timer);
    outer.removeEventListener("abort", onAbort);
    controller.abort();
  }
}

async function streamBody(response: Response, now: number): Promise<ReadableStream<Uint8Array>> {
  const { status, body } = response;
  if (noStream.has(status)) {
    await body?.cancel();
    throw new NoStreamError(`The server answers ${status} where its live stream should be.`);
  }
  if (!response.ok) {
    const reply: unknown = await response.json().catch(() => null);
    throw errorOf(response, reply, now);
  }
  const type = response.headers.get("content-type") ?? "";
  if (!body || !/^text\/event-stream\b/i.test(type)) {
    await body?.cancel();
    throw new NoStreamError(`The live stream comes as “${type}”.`);
  }
  return body;
}

async function* framesOf(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Frame[], void> {
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  const decoder = new TextDecoder();
  let frames: Frame[] = [];
  let tooLarge = false;
  const parser = createParser({
    maxBufferSize: maxFrameChars,
    onError: ({ type }) => {
      tooLarge ||= type === "max-buffer-size-exceeded";
    },
    onEvent: ({ event, id, data }) =>
      frames.push({ event: event ?? "message", id: id ?? null, data }),
  });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) throw signal.reason;
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      if (tooLarge) throw new NoStreamError("The live stream has a frame without an end.");
      yield frames;
      frames = [];
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}

function lost(message: string, cause?: unknown): ConnectionError {
  return new ConnectionError({ code: "connection", message, cause });
}
function silent(): SignalboxError {
  return new SilentConnectionError({ code: "connection", message: "The stream stayed silent." });
}
function stalled(): SignalboxError {
  return lost("The stream fell silent.");
}
