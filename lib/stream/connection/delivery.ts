/** How rows come: over a stream that stays open, or page by page. */
export type Delivery = "stream" | "pages";

const heldBackReason = "A proxy on the way to Signalbox holds the live stream back.";

/** A connection that is not held back brings its first heartbeat after 15 s. */
const heartbeatDueMs = 12_000;
const firstTrialMs = 60_000;
const longestTrialMs = 600_000;

/**
 * Notices a proxy that holds streams back: the server sends at once and every 15 s, but nothing arrives.
 * Rows then come page by page, and the stream is tried again now and then.
 */
export class HeldBackDetector {
  #silences = 0;
  #trials = 0;
  /** When the stream is tried again; null: rows come over it. */
  #trialAt: number | null = null;

  /** How to ask for the next rows. */
  delivery(now: number): Delivery {
    return this.#trialAt !== null && now < this.#trialAt ? "pages" : "stream";
  }

  /** Why rows come page by page; null: they don't. */
  get reason(): string | null {
    return this.#trialAt === null ? null : heldBackReason;
  }

  /** Bytes arrived on a stream that was asked for so long ago. */
  received(openForMs: number): void {
    if (openForMs < heartbeatDueMs) return;
    this.#silences = 0;
    this.#trials = 0;
    this.#trialAt = null;
  }

  /** A stream was given up: nothing at all had arrived, or nothing for two heartbeats. */
  silent(now: number, nothingArrived: boolean): void {
    // A connection may die once after it had brought something; no proxy is needed for that.
    this.#silences += nothingArrived ? 2 : 1;
    if (this.#silences < 2) return;
    this.#trialAt = now + Math.min(firstTrialMs * 2 ** this.#trials, longestTrialMs);
    this.#trials += 1;
  }

  /** A page did not arrive either: no proxy, but the server or the network. */
  pageFailed(): void {
    this.#silences = 0;
    this.#trialAt = null;
  }
}
