interface AttemptLimitOptions {
  /** How many attempts a quiet name has at once; they come back evenly over `perMs`. */
  attempts: number;
  perMs: number;
  /** Monotonic milliseconds. */
  now?: () => number;
  /** So that made-up names cost bounded memory; the oldest are forgotten first. */
  maxNames?: number;
}

/** Counts attempts by name, with one number for each (the generic cell rate algorithm). */
export class AttemptLimit {
  readonly #options: Required<AttemptLimitOptions>;
  /** When all attempts of a name will have come back. */
  readonly #fullAt = new Map<string, number>();

  constructor(options: AttemptLimitOptions) {
    this.#options = { now: () => performance.now(), maxNames: 10_000, ...options };
  }

  /** Takes one attempt. Returns 0, or the milliseconds until there is one again. */
  take(name: string): number {
    const { attempts, perMs, maxNames } = this.#options;
    const now = this.#options.now();
    const everyMs = perMs / attempts;
    const fullAt = Math.max(this.#fullAt.get(name) ?? now, now);
    const waitMs = fullAt + everyMs - now - perMs;
    // Rounding errors of the sum must not cost an attempt.
    if (waitMs > 1e-6) return waitMs;
    this.#fullAt.delete(name);
    this.#fullAt.set(name, fullAt + everyMs);
    if (this.#fullAt.size > maxNames) {
      const [oldest] = this.#fullAt.keys();
      if (oldest !== undefined) this.#fullAt.delete(oldest);
    }
    return 0;
  }

  /** How many attempts of a name have not come back yet. */
  used(name: string): number {
    const { attempts, perMs, now } = this.#options;
    const leftMs = (this.#fullAt.get(name) ?? 0) - now();
    return leftMs <= 0 ? 0 : Math.min(attempts, Math.ceil((leftMs * attempts) / perMs - 1e-6));
  }
}
