import type { StreamCursor } from "@signalbox/protocol/stream/cursor";
import type { StreamName } from "@signalbox/protocol/stream/stream-name";
import { backoffMs } from "@signalbox/protocol/time/backoff";
import { sleep } from "@signalbox/protocol/time/sleep";
import { ConnectionError, SignalboxError, TimeoutError } from "../errors.ts";
import type { Http } from "../http.ts";
import { learningPath } from "../resources/paths.ts";
import type { Job } from "../types.ts";
import type { JournalRow } from "./message.ts";

export type Cursor = StreamCursor;

/** What a transport yields, in order. */
export type Delivery =
  /** Rows, and the seq up to which the reader now has every requested row. */
  | { kind: "rows"; rows: JournalRow[]; seq: number }
  /** The cursor is no longer valid: start over from 0 of the job's generation. */
  | { kind: "reset" }
  /** A terminal state; everything before it was yielded. */
  | { kind: "end" };

/** What both transports need. */
export interface SourceContext {
  http: Http;
  jobId: string;
  /** Ends the reading; its reason is thrown. */
  signal: AbortSignal;
  /** Rows per page. */
  pageSize: number;
  intervalMs: number;
  /** Streams to request from the live stream; null: all. Polling always reads all. */
  events: readonly StreamName[] | null;
}

/** Whether another attempt may succeed: no response, too many requests, a server error. */
export function isTransient(error: unknown): error is SignalboxError {
  if (error instanceof ConnectionError || error instanceof TimeoutError) return true;
  if (!(error instanceof SignalboxError) || error.status === null) return false;
  return error.status >= 500 || [408, 425, 429].includes(error.status);
}

/** Retries until it succeeds or fails for good, with backoff. */
export async function withRetries<T>(
  { http, signal }: Pick<SourceContext, "http" | "signal">,
  act: () => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (!isTransient(error)) throw error;
      await sleep(http.clock, backoffMs(attempt, http.random, error.retryAfterMs), signal);
    }
  }
}

/** The current job. Rejects only for good, such as with 401, 403 or 404. */
export function loadJob(context: SourceContext): Promise<Job> {
  const { http, jobId, signal } = context;
  return withRetries(context, () =>
    http.json<Job>("GET", learningPath(jobId), { signal, repeat: "never" }),
  );
}
