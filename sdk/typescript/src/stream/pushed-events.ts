import { backoffMs } from "@signalbox/protocol/time/backoff";
import { sleep } from "@signalbox/protocol/time/sleep";
import { isJsonObject, parseJson } from "@signalbox/protocol/wire/json";
import { SignalboxError } from "../errors.ts";
import { learningPath } from "../resources/paths.ts";
import { FinishedStreamError, NoStreamError, readFrames } from "./event-source.ts";
import type { JournalRow } from "./message.ts";
import { pollRows } from "./poll-rows.ts";
import type { Cursor, Delivery, SourceContext } from "./rows.ts";

/**
 * Rows after a cursor by polling, and meanwhile events as the dashboard pushes them: each once, by
 * whichever way it arrives first. Where nothing is pushed, polling alone goes on.
 */
export async function* followWithPushedEvents(
  context: SourceContext,
  cursor: Cursor,
): AsyncGenerator<Delivery> {
  const events = new PushedEvents(context, cursor.seq);
  try {
    for await (const delivery of pollRows(context, cursor, (seq) => events.until(seq))) {
      yield delivery.kind === "rows"
        ? { ...delivery, rows: events.newAmong(delivery.rows) }
        : delivery;
    }
  } finally {
    events.close();
  }
}

/** The events of `/api/learning/jobs/{id}/events/stream`, between two polls. */
class PushedEvents {
  readonly #context: SourceContext;
  readonly #connection = new AbortController();
  readonly #rows: AsyncGenerator<JournalRow[]>;
  #next: Promise<IteratorResult<JournalRow[]>> | null = null;
  /** The last event that was returned. */
  #last: number;

  constructor(context: SourceContext, seq: number) {
    this.#context = context;
    this.#last = seq;
    const signal = AbortSignal.any([context.signal, this.#connection.signal]);
    this.#rows = this.#read(signal);
  }

  /** The rows without the events that were returned before. */
  newAmong(rows: JournalRow[]): JournalRow[] {
    const before = this.#last;
    const isNew = ({ event, seq }: JournalRow) => event !== "event" || seq > before;
    const fresh = rows.filter(isNew);
    for (const { event, seq } of fresh) {
      if (event === "event") this.#last = Math.max(this.#last, seq);
    }
    return fresh;
  }

  /** Pushed events until the next poll is due; `seq` is the cursor of the polls. */
  async *until(seq: number): AsyncGenerator<Delivery> {
    const { http, intervalMs, signal } = this.#context;
    const due = new AbortController();
    const waiting = sleep(http.clock, intervalMs, AbortSignal.any([signal, due.signal]));
    const over = waiting.then(() => null);
    try {
      for (;;) {
        this.#next ??= this.#rows.next();
        const pushed = await Promise.race([this.#next, over]);
        if (pushed === null) return;
        if (pushed.done) {
          await waiting;
          return;
        }
        this.#next = null;
        yield { kind: "rows", rows: pushed.value, seq };
      }
    } finally {
      over.catch(() => {});
      due.abort();
    }
  }

  close(): void {
    this.#next?.catch(() => {});
    this.#connection.abort();
  }

  /** The rows of one connection after the other; ends where the route is not there. */
  async *#read(signal: AbortSignal): AsyncGenerator<JournalRow[]> {
    const { http, jobId } = this.#context;
    const path = learningPath(jobId, "/events/stream");
    for (let failures = 0; ; failures += 1) {
      try {
        for await (const frames of readFrames(http, path, { since_seq: this.#last }, signal)) {
          failures = 0;
          yield frames.flatMap(({ data }) => rowsOf(data));
        }
      } catch (error) {
        if (error instanceof NoStreamError || error instanceof FinishedStreamError) return;
        // Polling meets the same refusal, and reports it.
        if (!(error instanceof SignalboxError)) throw error;
      }
      await sleep(http.clock, backoffMs(failures, http.random), signal);
    }
  }
}

/** The row of a frame that carries an event; none for other frames. */
function rowsOf(text: string): JournalRow[] {
  const event = parseJson(text);
  if (!isJsonObject(event) || typeof event.type !== "string") return [];
  return typeof event.seq === "number" ? [{ seq: event.seq, event: "event", data: event }] : [];
}
