import { backoffMs } from "@signalbox/protocol/backoff";
import type { StreamCursor } from "@signalbox/protocol/cursor";
import { sleep } from "@signalbox/protocol/sleep";
import type { StreamName } from "@signalbox/protocol/stream-name";
import { ConnectionError, SignalboxError, TimeoutError } from "../errors.ts";
import type { Http } from "../http.ts";
import { learningPath } from "../resources/paths.ts";
import type { Job } from "../types.ts";
import type { JournalRow } from "./message.ts";

export type Cursor = StreamCursor;

/** What a transport brings, in order. */
export type Delivery =
  /** Rows, and the seq up to which the reader now has everything that it asked for. */
  | { kind: "rows"; rows: JournalRow[]; seq: number }
  /** The cursor is no longer good: start over from 0 of the job's generation. */
  | { kind: "reset" }
  /** A terminal state, and everything before it was brought. */
  | { kind: "end" };

/** What both transports need. */
export interface SourceContext {
  http: Http;
  jobId: string;
  /** Ends the reading; its reason is thrown. */
  signal: AbortSignal;
  /** Rows a page. */
  pageSize: number;
  intervalMs: number;
  /** Kinds of rows to ask the live stream for; null: all. Polling always brings all. */
  events: readonly StreamName[] | null;
}

/** Whether a failure passes by itself: no answer, too many requests, a server in trouble. */
export function isPassing(error: unknown): error is SignalboxError {
  if (error instanceof ConnectionError || error instanceof TimeoutError) return true;
  if (!(error instanceof SignalboxError) || error.status === null) return false;
  return error.status >= 500 || [408, 425, 429].includes(error.status);
}

/** Does something until it succeeds or fails for good, waiting ever longer in between. */
export async function persistently<T>(
  { http, signal }: Pick<SourceContext, "http" | "signal">,
  act: () => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await sleep(http.clock, backoffMs(attempt, http.random, error.retryAfterMs), signal);
    }
  }
}

/** The job as it stands. Rejects for good only where it cannot be had: 401, 403, 404. */
export function loadJob(context: SourceContext): Promise<Job> {
  const { http, jobId, signal } = context;
  return persistently(context, () =>
    http.json<Job>("GET", learningPath(jobId), { signal, repeat: "never" }),
  );
}
