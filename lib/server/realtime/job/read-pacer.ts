const burst = 20;
const refillMs = 50;

/**
 * Limits the rate of one job's reads: `minMs` apart while changes are few, and about twenty a
 * second under load, so that load makes fuller batches instead of more reads.
 */
export class ReadPacer {
  readonly #minMs: number;
  #tokens = burst;
  #refilledAt = 0;
  #lastReadAt = Number.NEGATIVE_INFINITY;

  constructor(minMs: number) {
    this.#minMs = minMs;
  }

  /** Milliseconds to wait before the next read may start. */
  delay(now: number): number {
    this.#refill(now);
    const spacing = Math.max(0, this.#lastReadAt + this.#minMs - now);
    return this.#tokens >= 1 ? spacing : Math.max(spacing, (1 - this.#tokens) * refillMs);
  }

  /** Records that a read starts now. */
  recordRead(now: number): void {
    this.#refill(now);
    this.#tokens -= 1;
    this.#lastReadAt = now;
  }

  #refill(now: number): void {
    this.#tokens = Math.min(burst, this.#tokens + Math.max(0, now - this.#refilledAt) / refillMs);
    this.#refilledAt = now;
  }
}
