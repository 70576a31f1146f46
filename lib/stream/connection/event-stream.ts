import { z } from "zod";
import { backoffMs } from "./backoff.ts";
import { type Clock, systemClock } from "./clock.ts";
import {
  type Connection,
  type ConnectionEvent,
  idleConnection,
  nextConnection,
} from "./connection.ts";
import { CursorGuard, type Sequence } from "./cursor-guard.ts";
import { type PageVisibility, tabVisibility } from "./page-visibility.ts";
import { parseJson } from "./parse-json.ts";
import { type Outcome, readConnection, type StreamMessage } from "./read-connection.ts";
import { Timers } from "./timers.ts";

export interface StreamTiming {
  /** Longest wait for a connection's first bytes. */
  connectTimeoutMs: number;
  /** Silence after which a connection counts as stale: two heartbeats. */
  staleAfterMs: number;
  /** Silence after which it is given up: two heartbeats and some slack. */
  stallTimeoutMs: number;
  /** How long a tab may be hidden before its stream is closed until it is seen again. */
  suspendAfterMs: number;
}

const defaultStreamTiming: StreamTiming = {
  connectTimeoutMs: 15_000,
  staleAfterMs: 30_000,
  stallTimeoutMs: 35_000,
  suspendAfterMs: 60_000,
};

export interface EventStreamOptions {
  url: string;
  /** Read before every attempt, so that a refreshed token is used. */
  headers?: () => Record<string, string>;
  fetch?: typeof fetch;
  /** The cursor to resume from; null for a stream from a snapshot. */
  after?: string | null;
  sequence?: Sequence;
  clock?: Clock;
  random?: () => number;
  visibility?: PageVisibility;
  timing?: Partial<StreamTiming>;
  /** Every message in order, each row once. */
  onMessage(message: StreamMessage): void;
  /** Called when the connection's state, attempt or reason changes. */
  onConnection?(connection: Connection): void;
}

/** A connection that has lasted so long was a good one: the next backoff starts afresh. */
const stableAfterMs = 5_000;

/** Why we gave a connection up, and how that is said. */
const abortReasons = {
  stopped: "Closed.",
  restart: "Reconnecting.",
  hidden: "Paused while this tab is hidden.",
  connect_timeout: "The server did not respond in time.",
  stalled: "The connection stalled.",
  gap: "Some rows were missing. Reading again from the last one received.",
} as const;
type AbortReason = keyof typeof abortReasons;

const errorFrameSchema = z.object({ code: z.string(), message: z.string() });

const nonRetryableCodes = new Map([
  ["unauthorized", 401],
  ["forbidden", 403],
  ["not_found", 404],
]);

/**
 * A server-sent event stream that keeps itself alive: reconnects with the last cursor, notices
 * silence, rests while its tab is hidden. Knows frames only by `reset`, `end` and `error`.
 */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #clock: Clock;
  readonly #timing: StreamTiming;
  readonly #guard: CursorGuard;
  readonly #visibility: PageVisibility;
  readonly #timers: Timers<"watch" | "retry" | "hidden">;
  #connection: Connection;
  #receivedAt: number | null = null;
  #lagMs: number | null = null;
  #openedAt: number | null = null;
  #controller: AbortController | null = null;
  #unwatch: (() => void) | null = null;
  #suspended = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#timing = { ...defaultStreamTiming, ...options.timing };
    this.#timers = new Timers(this.#clock);
    this.#guard = new CursorGuard(options.sequence ?? "any", options.after ?? null);
    this.#visibility = options.visibility ?? tabVisibility;
    this.#connection = idleConnection(this.#clock.now());
  }

  get connection(): Connection {
    return {
      ...this.#connection,
      lastReceivedAt: this.#receivedAt,
      lagMs: this.#lagMs,
      cursor: this.#guard.cursor,
    };
  }

  /** Opens the stream, or reopens one that has ended or was refused. */
  start(): void {
    this.#unwatch ??= this.#visibility.subscribe(
      () => this.#onVisibility(),
      () => this.#visibility.hidden() && this.#suspend(),
    );
    this.#suspended = this.#visibility.hidden();
    // A tab opened in the background connects when it is first looked at.
    if (this.#suspended) return;
    this.#visibility.requestSlot();
    if (this.#transition("start", { attempt: 0, retryAt: null, reason: null, httpStatus: null })) {
      this.#connect();
    }
    this.#onVisibility();
  }

  /** Closes the stream; `start` resumes it from its cursor. */
  stop(): void {
    this.#unwatch?.();
    this.#unwatch = null;
    this.#timers.clear("hidden");
    this.#close("stopped", null);
  }

  /** Connects anew at once, whatever the state, keeping the cursor. */
  restart(): void {
    this.#close("restart", null);
    this.start();
  }

  /** Notes how long the newest data took from the trainer to here. */
  recordLag(ms: number): void {
    this.#lagMs = ms;
  }

  #connect(): void {
    const controller = new AbortController();
    this.#controller = controller;
    this.#openedAt = null;
    this.#timers.arm("watch", this.#timing.connectTimeoutMs, () => this.#drop("connect_timeout"));
    const cursor = this.#guard.cursor;
    const current = () => this.#controller === controller;
    void readConnection({
      url: this.#options.url,
      headers: {
        accept: "text/event-stream",
        ...this.#options.headers?.(),
        ...(cursor === null ? {} : { "last-event-id": cursor }),
      },
      fetch: this.#options.fetch ?? globalThis.fetch.bind(globalThis),
      signal: controller.signal,
      now: this.#clock.now,
      onBytes: () => current() && this.#onBytes(),
      onMessage: (message) => current() && this.#onMessage(message),
    }).then((outcome) => current() && this.#onClosed(outcome));
  }

  #onBytes(): void {
    const now = this.#clock.now();
    this.#receivedAt = now;
    if (this.#openedAt === null) {
      this.#openedAt = now;
      this.#watch(this.#timing.staleAfterMs);
    }
    const attempt = now - this.#openedAt >= stableAfterMs ? 0 : this.#connection.attempt;
    this.#transition("received", { attempt, retryAt: null, reason: null, httpStatus: null });
  }

  /** One timer for silence, however much arrives: it looks at the clock when it fires. */
  #watch(ms: number): void {
    this.#timers.arm("watch", ms, () => {
      const silence = this.#clock.now() - (this.#receivedAt ?? 0);
      if (silence >= this.#timing.stallTimeoutMs) {
        this.#drop("stalled");
      } else if (silence >= this.#timing.staleAfterMs) {
        this.#transition("overdue", { reason: "No data received for two heartbeats." });
        this.#watch(this.#timing.stallTimeoutMs - silence);
      } else {
        this.#watch(this.#timing.staleAfterMs - silence);
      }
    });
  }

  #onMessage(message: StreamMessage): void {
    const verdict = this.#guard.check(message);
    if (verdict === "duplicate") return;
    if (verdict === "gap") {
      this.#drop("gap");
      return;
    }
    this.#options.onMessage(message);
    this.#guard.commit(message);
    if (message.event === "end") this.#finish("finished", {});
    else if (message.event === "error") this.#onErrorFrame(message.data);
  }

  #onErrorFrame(data: string): void {
    const frame = errorFrameSchema.safeParse(parseJson(data));
    const reason = frame.success ? frame.data.message : "The server reported an error.";
    const httpStatus = frame.success ? nonRetryableCodes.get(frame.data.code) : undefined;
    if (httpStatus !== undefined) this.#finish("denied", { reason, httpStatus });
    else this.#drop("stopped", reason);
  }

  #onClosed(outcome: Outcome): void {
    const { kind, reason } = outcome;
    if (kind === "refused") this.#finish("denied", { reason, httpStatus: outcome.httpStatus });
    else this.#retry(reason, kind === "unavailable" ? outcome.retryAfterMs : 0);
  }

  /** Gives the connection up and tries again later. */
  #drop(why: AbortReason, reason: string = abortReasons[why]): void {
    this.#controller?.abort(why);
    this.#retry(reason, 0);
  }

  #retry(reason: string, retryAfter: number): void {
    const now = this.#clock.now();
    const wasStable = this.#openedAt !== null && now - this.#openedAt >= stableAfterMs;
    const attempt = wasStable ? 0 : this.#connection.attempt;
    const wait = backoffMs(attempt, this.#options.random ?? Math.random, retryAfter);
    this.#controller = null;
    this.#timers.clear("watch");
    this.#transition("dropped", { attempt: attempt + 1, retryAt: now + wait, reason });
    this.#timers.arm("retry", wait, () => this.#connect());
  }

  #finish(event: "finished" | "denied", known: Partial<Connection>): void {
    this.#controller?.abort("stopped");
    this.#controller = null;
    this.#timers.clear("watch", "retry");
    this.#transition(event, { attempt: 0, retryAt: null, ...known });
  }

  #close(why: AbortReason, reason: string | null): void {
    this.#controller?.abort(why);
    this.#controller = null;
    this.#timers.clear("watch", "retry");
    this.#transition("stop", { attempt: 0, retryAt: null, reason });
  }

  /** The tab was shown or hidden, or the network is back. */
  #onVisibility(): void {
    if (this.#visibility.hidden()) {
      if (!this.#timers.armed("hidden")) {
        this.#timers.arm("hidden", this.#timing.suspendAfterMs, () => this.#suspend());
      }
      return;
    }
    this.#timers.clear("hidden");
    if (this.#suspended) {
      this.start();
      return;
    }
    const { state, retryAt, httpStatus } = this.#connection;
    const silence = this.#clock.now() - (this.#receivedAt ?? 0);
    if (state === "reconnecting" && retryAt !== null && this.#controller === null) {
      this.#timers.clear("retry");
      this.#connect();
    } else if ((state === "live" || state === "stale") && silence >= this.#timing.stallTimeoutMs) {
      this.#drop("stalled");
    } else if (state === "refused" && httpStatus === 401) {
      // Whoever comes back to this tab may have signed in again in another one.
      this.start();
    }
  }

  #suspend(): void {
    const { state } = this.#connection;
    if (state === "idle" || state === "ended" || state === "refused") return;
    this.#suspended = true;
    this.#close("hidden", abortReasons.hidden);
  }

  #transition(event: ConnectionEvent, known: Parameters<typeof nextConnection>[3]): boolean {
    const before = this.#connection;
    const next = nextConnection(before, event, this.#clock.now(), known);
    this.#connection = next;
    const changed = next.state !== before.state;
    if (changed || next.attempt !== before.attempt || next.reason !== before.reason) {
      this.#options.onConnection?.(this.connection);
    }
    return changed;
  }
}
