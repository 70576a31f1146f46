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
  connectMs: number;
  /** Silence after which a connection counts as stale: two heartbeats. */
  quietMs: number;
  /** Silence after which it is given up: two heartbeats and some slack. */
  stallMs: number;
  /** How long a tab may be hidden before its stream is closed until it is seen again. */
  hiddenMs: number;
}

const defaultStreamTiming: StreamTiming = {
  connectMs: 15_000,
  quietMs: 30_000,
  stallMs: 35_000,
  hiddenMs: 60_000,
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
const goodMs = 5_000;

/** Why we gave a connection up, and how that is said. */
const abortText = {
  stopped: "Closed.",
  restart: "Connecting anew.",
  hidden: "Resting while this tab is hidden.",
  connect_timeout: "The server did not answer in time.",
  stalled: "The connection fell silent.",
  gap: "Rows were missing: reading again from the last one received.",
} as const;
type AbortReason = keyof typeof abortText;

const errorFrameSchema = z.object({ code: z.string(), message: z.string() });

const deniedCodes = new Map([
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
  #heardAt: number | null = null;
  #lagMs: number | null = null;
  #openedAt: number | null = null;
  #controller: AbortController | null = null;
  #unwatch: (() => void) | null = null;
  #resting = false;

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
      lastHeardAt: this.#heardAt,
      lagMs: this.#lagMs,
      cursor: this.#guard.cursor,
    };
  }

  /** Opens the stream, or reopens one that has ended or was refused. */
  start(): void {
    this.#unwatch ??= this.#visibility.subscribe(
      () => this.#seen(),
      () => this.#visibility.hidden() && this.#rest(),
    );
    this.#resting = this.#visibility.hidden();
    // A tab opened in the background connects when it is first looked at.
    if (this.#resting) return;
    this.#visibility.wantRoom();
    if (this.#move("start", { attempt: 0, retryAt: null, reason: null, httpStatus: null })) {
      this.#connect();
    }
    this.#seen();
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
  noteLag(ms: number): void {
    this.#lagMs = ms;
  }

  #connect(): void {
    const controller = new AbortController();
    this.#controller = controller;
    this.#openedAt = null;
    this.#timers.arm("watch", this.#timing.connectMs, () => this.#drop("connect_timeout"));
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
      onBytes: () => current() && this.#heard(),
      onMessage: (message) => current() && this.#message(message),
    }).then((outcome) => current() && this.#settle(outcome));
  }

  #heard(): void {
    const now = this.#clock.now();
    this.#heardAt = now;
    if (this.#openedAt === null) {
      this.#openedAt = now;
      this.#watch(this.#timing.quietMs);
    }
    const attempt = now - this.#openedAt >= goodMs ? 0 : this.#connection.attempt;
    this.#move("heard", { attempt, retryAt: null, reason: null, httpStatus: null });
  }

  /** One timer for silence, however much arrives: it looks at the clock when it fires. */
  #watch(ms: number): void {
    this.#timers.arm("watch", ms, () => {
      const silence = this.#clock.now() - (this.#heardAt ?? 0);
      if (silence >= this.#timing.stallMs) {
        this.#drop("stalled");
      } else if (silence >= this.#timing.quietMs) {
        this.#move("quiet", { reason: "Nothing has been heard for two heartbeats." });
        this.#watch(this.#timing.stallMs - silence);
      } else {
        this.#watch(this.#timing.quietMs - silence);
      }
    });
  }

  #message(message: StreamMessage): void {
    const verdict = this.#guard.judge(message);
    if (verdict === "duplicate") return;
    if (verdict === "gap") {
      this.#drop("gap");
      return;
    }
    this.#options.onMessage(message);
    this.#guard.commit(message);
    if (message.event === "end") this.#finish("finished", {});
    else if (message.event === "error") this.#errorFrame(message.data);
  }

  #errorFrame(data: string): void {
    const frame = errorFrameSchema.safeParse(parseJson(data));
    const reason = frame.success ? frame.data.message : "The server reported an error.";
    const httpStatus = frame.success ? deniedCodes.get(frame.data.code) : undefined;
    if (httpStatus !== undefined) this.#finish("denied", { reason, httpStatus });
    else this.#drop("stopped", reason);
  }

  #settle(outcome: Outcome): void {
    const { kind, reason } = outcome;
    if (kind === "refused") this.#finish("denied", { reason, httpStatus: outcome.httpStatus });
    else this.#retry(reason, kind === "unavailable" ? outcome.retryAfterMs : 0);
  }

  /** Gives the connection up and tries again later. */
  #drop(why: AbortReason, reason: string = abortText[why]): void {
    this.#controller?.abort(why);
    this.#retry(reason, 0);
  }

  #retry(reason: string, retryAfter: number): void {
    const now = this.#clock.now();
    const wasGood = this.#openedAt !== null && now - this.#openedAt >= goodMs;
    const attempt = wasGood ? 0 : this.#connection.attempt;
    const wait = backoffMs(attempt, this.#options.random ?? Math.random, retryAfter);
    this.#controller = null;
    this.#timers.clear("watch");
    this.#move("dropped", { attempt: attempt + 1, retryAt: now + wait, reason });
    this.#timers.arm("retry", wait, () => this.#connect());
  }

  #finish(event: "finished" | "denied", known: Partial<Connection>): void {
    this.#controller?.abort("stopped");
    this.#controller = null;
    this.#timers.clear("watch", "retry");
    this.#move(event, { attempt: 0, retryAt: null, ...known });
  }

  #close(why: AbortReason, reason: string | null): void {
    this.#controller?.abort(why);
    this.#controller = null;
    this.#timers.clear("watch", "retry");
    this.#move("stop", { attempt: 0, retryAt: null, reason });
  }

  /** The tab was shown or hidden, or the network is back. */
  #seen(): void {
    if (this.#visibility.hidden()) {
      if (!this.#timers.armed("hidden")) {
        this.#timers.arm("hidden", this.#timing.hiddenMs, () => this.#rest());
      }
      return;
    }
    this.#timers.clear("hidden");
    if (this.#resting) {
      this.start();
      return;
    }
    const { state, retryAt, httpStatus } = this.#connection;
    const silence = this.#clock.now() - (this.#heardAt ?? 0);
    if (state === "reconnecting" && retryAt !== null && this.#controller === null) {
      this.#timers.clear("retry");
      this.#connect();
    } else if ((state === "live" || state === "stale") && silence >= this.#timing.stallMs) {
      this.#drop("stalled");
    } else if (state === "refused" && httpStatus === 401) {
      // Whoever comes back to this tab may have signed in again in another one.
      this.start();
    }
  }

  #rest(): void {
    const { state } = this.#connection;
    if (state === "idle" || state === "ended" || state === "refused") return;
    this.#resting = true;
    this.#close("hidden", abortText.hidden);
  }

  #move(event: ConnectionEvent, known: Parameters<typeof nextConnection>[3]): boolean {
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
