import type { Clock } from "@signalbox/protocol/clock";

/** So many flushes may follow each other at once after a rest. */
const burst = 2;

/**
 * A fifth more flushes than one an interval: where changes come exactly as often, one in between (a
 * command, a status) would otherwise leave every later one waiting.
 */
const slack = 1.2;

/**
 * Tells listeners of changes at once, yet in the long run about every `intervalMs`. The burst is
 * for changes that come just as often: a fixed distance would hold each a little longer than the
 * one before, because timers are not punctual. It does not wait for an animation frame: what React
 * renders now, and what its effects draw in the next frame, are painted together.
 */
export class Flusher {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #flush: () => void;
  #tokens = burst;
  #refilledAt = Number.NEGATIVE_INFINITY;
  #timer: unknown = null;
  /** When the timer fires. */
  #due = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, intervalMs: number, flush: () => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#flush = flush;
  }

  /** Something changed: a flush follows, together with what else changes until then. */
  schedule(): void {
    this.#arm(this.#wait());
  }

  /** Something of no hurry changed: it waits up to two intervals for others to ride with. */
  scheduleLazily(): void {
    this.#arm(2 * this.#intervalMs);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    this.#due = Number.POSITIVE_INFINITY;
  }

  #arm(wait: number): void {
    const due = this.#clock.now() + wait;
    if (due >= this.#due) return;
    this.#clock.clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = this.#clock.setTimeout(this.#run, wait);
  }

  #wait(): number {
    this.#refill();
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) * this.#intervalMs) / slack);
  }

  #refill(): void {
    const now = this.#clock.now();
    const rested = (slack * Math.max(0, now - this.#refilledAt)) / this.#intervalMs;
    this.#tokens = Math.min(burst, this.#tokens + rested);
    this.#refilledAt = now;
  }

  readonly #run = (): void => {
    this.#timer = null;
    this.#due = Number.POSITIVE_INFINITY;
    this.#refill();
    this.#tokens -= 1;
    this.#flush();
  };
}
