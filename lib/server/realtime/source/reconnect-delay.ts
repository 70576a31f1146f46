import type { Clock } from "./feed.ts";

const firstMs = 1_000;
const longestMs = 30_000;
const stableAfterMs = 30_000;

/**
 * How long to wait before the next attempt: exponential back-off with full jitter, so that many
 * processes that lost their connections together don't come back together.
 */
export class ReconnectDelay {
  readonly #clock: Clock;
  readonly #random: () => number;
  #failures = 0;
  #succeededAt: number | null = null;

  constructor({ clock, random }: { clock: Clock; random: () => number }) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The attempt succeeded. Back-off begins anew once that has held for a while. */
  succeeded(): void {
    this.#succeededAt ??= this.#clock.now();
  }

  /** Milliseconds until the next attempt, at most 1 s after a stable connection and 30 s ever. */
  next(): number {
    if (this.#succeededAt !== null && this.#clock.now() - this.#succeededAt >= stableAfterMs) {
      this.#failures = 0;
    }
    this.#succeededAt = null;
    const most = Math.min(longestMs, firstMs * 2 ** this.#failures);
    this.#failures += 1;
    return this.#random() * most;
  }
}
