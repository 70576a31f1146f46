const burst = 20;
const refillMs = 50;

/**
 * Spaces the reads of one job: `minMs` apart as long as changes are few, and at most some twenty
 * a second under a flood, so that a flood makes fuller batches instead of more reads.
 */
export class ReadPacer {
  readonly #minMs: number;
  #tokens = burst;
  #refilledAt = 0;
  #takenAt = Number.NEGATIVE_INFINITY;

  constructor(minMs: number) {
    this.#minMs = minMs;
  }

  /** Milliseconds to wait before the next read may start. */
  delay(now: number): number {
    this.#refill(now);
    const spacing = Math.max(0, this.#takenAt + this.#minMs - now);
    return this.#tokens >= 1 ? spacing : Math.max(spacing, (1 - this.#tokens) * refillMs);
  }

  /** Notes that a read starts now. */
  take(now: number): void {
    this.#refill(now);
    this.#tokens -= 1;
    this.#takenAt = now;
  }

  #refill(now: number): void {
    this.#tokens = Math.min(burst, this.#tokens + Math.max(0, now - this.#refilledAt) / refillMs);
    this.#refilledAt = now;
  }
}
