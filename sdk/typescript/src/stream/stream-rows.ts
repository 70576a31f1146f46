import { formatCursor, parseCursor } from "@signalbox/protocol/stream/cursor";
import type { EventSourceTiming, ServerEvent } from "@signalbox/protocol/stream/event-source";
import { isStreamName } from "@signalbox/protocol/stream/stream-name";
import { backoffMs } from "@signalbox/protocol/time/backoff";
import { sleep } from "@signalbox/protocol/time/sleep";
import { isJsonObject, parseJson } from "@signalbox/protocol/wire/json";
import { ConnectionError, errorOfStatus } from "../errors.ts";
import { pathPart } from "../resources/paths.ts";
import { isTerminal } from "../types.ts";
import {
  connectionTiming,
  FinishedStreamError,
  NoStreamError,
  readFrames,
  SilentConnectionError,
} from "./event-source.ts";
import type { JournalRow } from "./message.ts";
import { type Cursor, type Delivery, isTransient, loadJob, type SourceContext } from "./rows.ts";

/** The live stream is unavailable from here. */
export interface Unusable {
  kind: "unusable";
  reason: string;
}

/** Error codes that another attempt would not change, with the status that they stand for. */
const nonRetryableCodes = new Map([
  ["unauthorized", 401],
  ["forbidden", 403],
  ["not_found", 404],
]);
/** A connection that lasted this long was stable: the next backoff starts over. */
const stableAfterMs = 5_000;
/** After so many connections in a row without a frame, streaming counts as unavailable. */
const maxSilentConnections = 3;

/**
 * Rows after a cursor by the live stream, over as many connections as it takes. Ends after `reset`,
 * `end` or `unusable`; throws only errors that another attempt would not change.
 */
export async function* streamRows(
  context: SourceContext,
  cursor: Cursor,
  timing: EventSourceTiming = connectionTiming,
): AsyncGenerator<Delivery | Unusable> {
  const { http, jobId, signal } = context;
  const path = `/api/training/jobs/${pathPart(jobId)}/stream`;
  let seq = cursor.seq;
  let attempt = 0;
  let silent = 0;
  for (;;) {
    const openedAt = http.clock.now();
    const before = seq;
    let retryAfter = 0;
    try {
      const query = {
        full: 1,
        after: formatCursor({ generation: cursor.generation, seq }),
        streams: context.events?.join(",") ?? null,
      };
      const reader = new FrameReader(cursor.generation, seq);
      for await (const frames of readFrames(http, path, query, signal, timing)) {
        silent = 0;
        const { rows, over } = reader.read(frames);
        if (reader.seq > seq || rows.length > 0) {
          seq = reader.seq;
          yield { kind: "rows", rows, seq };
        }
        if (over) {
          yield { kind: over };
          return;
        }
      }
    } catch (error) {
      if (error instanceof NoStreamError) {
        await loadJob(context);
        yield { kind: "unusable", reason: error.message };
        return;
      }
      if (!isTransient(error)) throw error;
      // A run that was retried meanwhile streams again.
      if (error instanceof FinishedStreamError && isTerminal((await loadJob(context)).status)) {
        yield { kind: "end" };
        return;
      }
      if (error instanceof SilentConnectionError) silent += 1;
      if (silent >= maxSilentConnections) {
        yield { kind: "unusable", reason: "The live stream opens but sends nothing." };
        return;
      }
      retryAfter = error.retryAfterMs;
    }
    if (seq > before || http.clock.now() - openedAt >= stableAfterMs) attempt = 0;
    await sleep(http.clock, backoffMs(attempt, http.random, retryAfter), signal);
    attempt += 1;
  }
}

/** Turns one connection's frames into rows. Frames without an id belong to the next one with an id. */
class FrameReader {
  seq: number;
  readonly #generation: string;
  #waiting: Omit<JournalRow, "seq">[] = [];

  constructor(generation: string, seq: number) {
    this.#generation = generation;
    this.seq = seq;
  }

  /** @throws SignalboxError of an `error` frame */
  read(frames: ServerEvent[]): { rows: JournalRow[]; over: "reset" | "end" | null } {
    const rows: JournalRow[] = [];
    for (const { event, id, data } of frames) {
      if (event === "reset" || event === "end") return { rows, over: event };
      if (event === "error") throw errorOfFrame(data);
      const isRow = isStreamName(event);
      if (isRow) this.#waiting.push({ event, data: parse(data) });
      if (id === null || !(isRow || event === "heartbeat")) continue;
      const seq = seqOf(id, this.#generation);
      if (seq === null) return { rows, over: "reset" };
      for (const row of this.#waiting) rows.push({ seq, ...row });
      this.#waiting = [];
      this.seq = Math.max(this.seq, seq);
    }
    return { rows, over: null };
  }
}

function seqOf(id: string, generation: string): number | null {
  const cursor = parseCursor(id);
  return cursor?.generation === generation ? cursor.seq : null;
}

function parse(data: string): unknown {
  const parsed = parseJson(data);
  if (parsed !== undefined) return parsed;
  // Damaged on the way: the next connection reads again from the last good row.
  throw new ConnectionError({ code: "connection", message: "A frame is not JSON." });
}

function errorOfFrame(data: string) {
  const frame = parse(data);
  const { code, message } = isJsonObject(frame) ? frame : {};
  const text = typeof message === "string" ? message : "The server ended the stream.";
  const name = typeof code === "string" ? code : "internal";
  return errorOfStatus(nonRetryableCodes.get(name) ?? 503, { code: name, message: text });
}
