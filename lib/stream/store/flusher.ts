import { type Clock, systemClock } from "@signalbox/protocol/time/clock";

/** The number of flushes that may follow each other at once after a pause. */
const burst = 2;

/**
 * A fifth more flushes than one per interval: where changes arrive exactly that often, an extra one (a
 * command, a status) would otherwise delay every later one.
 */
const slack = 1.2;

/**
 * Notifies listeners of changes at once, and in the long run about every `intervalMs`. The burst is
 * for changes that arrive just as often: with a fixed distance, late timers would delay each a little
 * more than the one before. It does not wait for an animation frame: what React renders now and what
 * its effects draw in the next frame are painted together.
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

  /** Flushes this change, together with others that follow until then. */
  schedule(): void {
    this.#arm(this.#wait());
  }

  /** Flushes a change that is not urgent: together with the next one, or after two intervals. */
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

type Subscribe = (listener: () => void) => () => void;

/** The same subscription with about one call per `intervalMs`; the last change always arrives. */
export function throttledSubscribe(
  subscribe: Subscribe,
  intervalMs: number,
  clock: Clock = systemClock,
): Subscribe {
  return (listener) => {
    const flusher = new Flusher(clock, intervalMs, listener);
    const unsubscribe = subscribe(() => flusher.schedule());
    return () => {
      unsubscribe();
      flusher.stop();
    };
  };
}
