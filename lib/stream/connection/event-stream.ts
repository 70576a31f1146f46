import type { EventSourceTiming, ServerEvent } from "@signalbox/protocol/stream/event-source";
import { backoffMs } from "@signalbox/protocol/time/backoff";
import { type Clock, systemClock } from "@signalbox/protocol/time/clock";
import { parseJson } from "@signalbox/protocol/wire/json";
import { z } from "zod";
import {
  type Connection,
  type ConnectionEvent,
  idleConnection,
  nextConnection,
} from "./connection.ts";
import { browserSlots, type ConnectionSlots, StreamSlot } from "./connection-slots.ts";
import { CursorGuard, type Sequence, type StreamGuard } from "./cursor-guard.ts";
import { type Delivery, HeldBackDetector } from "./delivery.ts";
import { type PageVisibility, tabVisibility } from "./page-visibility.ts";
import { type Outcome, readConnection, stalledReason } from "./read-connection.ts";
import { Timers } from "./timers.ts";

export interface StreamTiming extends EventSourceTiming {
  /** Silence after which a connection counts as stale: two heartbeats. */
  staleAfterMs: number;
  /** A connection that lasted this long was stable: the next backoff starts over. */
  stableAfterMs: number;
  /** How long a tab may be hidden before its stream is suspended. */
  suspendAfterMs: number;
  /** Time between two pages, where rows come page by page. */
  pageEveryMs: number;
  /** Longest wait for the first event of a stream that was held back before. */
  trialTimeoutMs: number;
  /** How long a stream waits for a connection slot before it goes on page by page. */
  slotWaitMs: number;
}

const defaultStreamTiming: StreamTiming = {
  connectTimeoutMs: 15_000,
  staleAfterMs: 30_000,
  // Two heartbeats and some slack.
  stallTimeoutMs: 35_000,
  stableAfterMs: 5_000,
  suspendAfterMs: 60_000,
  pageEveryMs: 2_000,
  trialTimeoutMs: 5_000,
  slotWaitMs: 250,
};

export interface EventStreamOptions {
  url: string;
  /** Read before every attempt, so that a refreshed token is used. */
  headers?: () => Record<string, string>;
  fetch?: typeof fetch;
  /** The cursor to resume from; null for a stream from a snapshot. */
  after?: string | null;
  sequence?: Sequence;
  /** In place of `after` and `sequence`, where the cursor is not that of one run. */
  guard?: StreamGuard;
  clock?: Clock;
  random?: () => number;
  visibility?: PageVisibility;
  slots?: ConnectionSlots;
  timing?: Partial<StreamTiming>;
  /** Every message in order, each row once. */
  onMessage(message: ServerEvent): void;
  /** Called when the connection's state, attempt or reason changes. */
  onConnection?(connection: Connection): void;
}

const suspendedReason = "Paused while this tab is hidden.";
const noSlotReason = "Other windows of this browser use its connections.";
const gapReason = "Some rows were missing. Reading again from the last one received.";

const errorFrameSchema = z.object({ code: z.string(), message: z.string() });

/** A stream's address for one page of it. */
const asPage = (url: string) => `${url}${url.includes("?") ? "&" : "?"}follow=0`;

const nonRetryableCodes = new Map([
  ["unauthorized", 401],
  ["forbidden", 403],
  ["not_found", 404],
]);

/**
 * A server-sent event stream that keeps itself alive: it reconnects with the last cursor, detects
 * silence, is suspended while its tab is hidden, and goes on page by page where no stream gets through
 * or the browser has no connection left. Of frames it knows `error` only; its guard knows the others
 * that matter to the connection.
 */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #clock: Clock;
  readonly #timing: StreamTiming;
  readonly #guard: StreamGuard;
  readonly #visibility: PageVisibility;
  readonly #slot: StreamSlot;
  readonly #timers: Timers<"overdue" | "retry" | "suspend" | "slot">;
  readonly #heldBack = new HeldBackDetector();
  #connection: Connection;
  #receivedAt: number | null = null;
  #receivedWallTime: number | null = null;
  #lagMs: number | null = null;
  #askedAt = 0;
  #openedAt: number | null = null;
  #controller: AbortController | null = null;
  #unsubscribe: (() => void) | null = null;
  #suspended = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#timing = { ...defaultStreamTiming, ...options.timing };
    this.#timers = new Timers(this.#clock);
    this.#guard =
      options.guard ?? new CursorGuard(options.sequence ?? "any", options.after ?? null);
    this.#visibility = options.visibility ?? tabVisibility;
    this.#slot = new StreamSlot(options.slots ?? browserSlots);
    this.#connection = idleConnection(this.#clock.wallTime());
  }

  get connection(): Connection {
    return {
      ...this.#connection,
      lastReceivedAt: this.#receivedWallTime,
      lagMs: this.#lagMs,
      cursor: this.#guard.cursor,
    };
  }

  /** Opens the stream, or reopens one that has ended or was refused. */
  start(): void {
    this.#unsubscribe ??= this.#visibility.subscribe(
      () => this.#onVisibility(),
      () => this.#visibility.hidden() && this.#suspend(),
    );
    this.#suspended = this.#visibility.hidden();
    // A tab opened in the background connects when it is first shown.
    if (this.#suspended) return;
    this.#visibility.requestSlot();
    if (this.#transition("start", { attempt: 0, retryAt: null, reason: null, httpStatus: null })) {
      this.#connect();
    }
    this.#onVisibility();
  }

  /** Closes the stream; `start` resumes it from its cursor. */
  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#timers.clear("suspend");
    this.#close(null);
  }

  /** Reconnects at once, whatever the state, and keeps the cursor. */
  restart(): void {
    this.#close(null);
    this.start();
  }

  /** Records how long the newest data took from the trainer to here. */
  recordLag(ms: number): void {
    this.#lagMs = ms;
  }

  #connect(): void {
    if (this.#heldBack.delivery(this.#clock.now()) === "pages") {
      this.#request("pages");
      return;
    }
    const slot = this.#slot.take(() => this.#onSlot());
    if (slot === "held") this.#request("stream");
    else if (slot === "waiting") this.#request("pages");
    else this.#timers.arm("slot", this.#timing.slotWaitMs, () => this.#request("pages"));
  }

  /** Goes on as a stream, with the slot that it waited for. */
  #onSlot(): void {
    this.#timers.clear("slot", "retry");
    this.#controller?.abort();
    this.#connect();
  }

  #request(delivery: Delivery): void {
    const controller = new AbortController();
    this.#controller = controller;
    this.#askedAt = this.#clock.now();
    this.#openedAt = null;
    const cursor = this.#guard.cursor;
    const current = () => this.#controller === controller;
    let messages = 0;
    void readConnection({
      url: delivery === "pages" ? asPage(this.#options.url) : this.#options.url,
      headers: {
        accept: "text/event-stream",
        ...this.#options.headers?.(),
        ...(cursor === null ? {} : { "last-event-id": cursor }),
      },
      fetch: this.#options.fetch ?? globalThis.fetch.bind(globalThis),
      signal: controller.signal,
      clock: this.#clock,
      timing: this.#timingOf(delivery),
      onBytes: () => current() && this.#onBytes(delivery),
      onMessage: (message) => {
        messages += 1;
        if (current()) this.#onMessage(message);
      },
    }).then((outcome) => {
      if (!current()) return;
      if (delivery === "pages") this.#onPage(outcome, messages > 0);
      else this.#onStreamClosed(outcome);
    });
  }

  /** While pages bring the rows, a stream is only tried, and they wait for it. */
  #timingOf(delivery: Delivery): EventSourceTiming {
    const { connectTimeoutMs, stallTimeoutMs, trialTimeoutMs } = this.#timing;
    const isTrial = delivery === "stream" && this.#heldBack.reason !== null;
    return { connectTimeoutMs: isTrial ? trialTimeoutMs : connectTimeoutMs, stallTimeoutMs };
  }

  #onBytes(delivery: Delivery): void {
    const now = this.#clock.now();
    this.#receivedAt = now;
    this.#receivedWallTime = this.#clock.wallTime();
    this.#openedAt ??= now;
    if (delivery === "pages") return;
    this.#heldBack.received(now - this.#askedAt);
    if (!this.#timers.armed("overdue")) this.#watchSilence(this.#timing.staleAfterMs);
    const attempt = this.#isStable(now) ? 0 : this.#connection.attempt;
    this.#transition("received", { attempt, retryAt: null, reason: null, httpStatus: null });
  }

  /** One timer for silence, however much arrives: it reads the clock when it fires. */
  #watchSilence(ms: number): void {
    this.#timers.arm("overdue", ms, () => {
      const silence = this.#silence();
      const { staleAfterMs } = this.#timing;
      if (silence < staleAfterMs) this.#watchSilence(staleAfterMs - silence);
      else this.#transition("overdue", { reason: "No data received for two heartbeats." });
    });
  }

  #silence(): number {
    return this.#clock.now() - (this.#receivedAt ?? 0);
  }

  #isStable(now: number): boolean {
    return this.#openedAt !== null && now - this.#openedAt >= this.#timing.stableAfterMs;
  }

  #onMessage(message: ServerEvent): void {
    const verdict = this.#guard.check(message);
    if (verdict === "duplicate") return;
    if (verdict === "gap") {
      this.#drop(gapReason);
      return;
    }
    this.#options.onMessage(message);
    this.#guard.commit(message);
    if (this.#guard.endsStream(message)) this.#finish("finished", {});
    else if (message.event === "error") this.#onErrorFrame(message.data);
  }

  #onErrorFrame(data: string): void {
    const frame = errorFrameSchema.safeParse(parseJson(data));
    const reason = frame.success ? frame.data.message : "The server reported an error.";
    const httpStatus = frame.success ? nonRetryableCodes.get(frame.data.code) : undefined;
    if (httpStatus !== undefined) this.#finish("denied", { reason, httpStatus });
    else this.#drop(reason);
  }

  /** A page ended. Without a row it has at least said that it is connected. */
  #onPage(outcome: Outcome, arrived: boolean): void {
    if (outcome.kind !== "closed" || !arrived) {
      this.#heldBack.pageFailed();
      this.#onClosed(outcome);
      return;
    }
    this.#controller = null;
    const { pageEveryMs } = this.#timing;
    const reason = `${this.#heldBack.reason ?? noSlotReason} Checking for new data every ${pageEveryMs / 1000} s.`;
    this.#transition("paged", { attempt: 0, retryAt: null, reason, httpStatus: null });
    this.#timers.arm("retry", pageEveryMs, () => this.#connect());
  }

  #onStreamClosed(outcome: Outcome): void {
    if (outcome.kind === "silent") {
      this.#heldBack.silent(this.#clock.now(), this.#openedAt === null);
    }
    this.#onClosed(outcome);
  }

  #onClosed(outcome: Outcome): void {
    if (outcome.kind === "finished") {
      this.#finish("finished", {});
      return;
    }
    const { kind, reason } = outcome;
    if (kind === "refused") this.#finish("denied", { reason, httpStatus: outcome.httpStatus });
    else this.#retry(reason, kind === "unavailable" ? outcome.retryAfterMs : 0);
  }

  /** Closes the connection and tries again later. */
  #drop(reason: string): void {
    this.#controller?.abort();
    this.#retry(reason, 0);
  }

  #retry(reason: string, retryAfter: number): void {
    const now = this.#clock.now();
    const attempt = this.#isStable(now) ? 0 : this.#connection.attempt;
    const wait = backoffMs(attempt, this.#options.random ?? Math.random, retryAfter);
    this.#controller = null;
    this.#timers.clear("overdue");
    this.#transition("dropped", {
      attempt: attempt + 1,
      retryAt: this.#clock.wallTime() + wait,
      reason,
    });
    this.#timers.arm("retry", wait, () => this.#connect());
  }

  #finish(event: "finished" | "denied", known: Partial<Connection>): void {
    this.#end();
    this.#transition(event, { attempt: 0, retryAt: null, ...known });
  }

  #close(reason: string | null): void {
    this.#end();
    this.#transition("stop", { attempt: 0, retryAt: null, reason });
  }

  #end(): void {
    this.#controller?.abort();
    this.#controller = null;
    this.#timers.clear("overdue", "retry", "slot");
    this.#slot.giveBack();
  }

  /** The tab was shown or hidden, or the network is back. */
  #onVisibility(): void {
    if (this.#visibility.hidden()) {
      if (!this.#timers.armed("suspend")) {
        this.#timers.arm("suspend", this.#timing.suspendAfterMs, () => this.#suspend());
      }
      return;
    }
    this.#timers.clear("suspend");
    if (this.#suspended) {
      this.start();
      return;
    }
    const { state, retryAt, httpStatus } = this.#connection;
    if (state === "reconnecting" && retryAt !== null && this.#controller === null) {
      this.#timers.clear("retry");
      this.#connect();
    } else if (
      // A hidden tab's timers are late: the stall may not have been noticed yet.
      (state === "live" || state === "stale") &&
      this.#silence() >= this.#timing.stallTimeoutMs
    ) {
      this.#drop(stalledReason);
    } else if (state === "refused" && httpStatus === 401) {
      // The user may have signed in again in another tab.
      this.start();
    }
  }

  #suspend(): void {
    const { state } = this.#connection;
    if (state === "idle" || state === "ended" || state === "refused") return;
    this.#suspended = true;
    this.#close(suspendedReason);
  }

  #transition(event: ConnectionEvent, known: Parameters<typeof nextConnection>[3]): boolean {
    const before = this.#connection;
    const next = nextConnection(before, event, this.#clock.wallTime(), known);
    this.#connection = next;
    const changed = next.state !== before.state;
    if (changed || next.attempt !== before.attempt || next.reason !== before.reason) {
      this.#options.onConnection?.(this.connection);
    }
    return changed;
  }
}
