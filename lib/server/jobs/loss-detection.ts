interface LossDetectionOptions {
  lostAfterMs: number;
  /**
   * Handles silent jobs, if the database's clock shows about the expected time. Returns that clock.
   */
  reap(expected: Date): Promise<{ now: string }>;
  /** Milliseconds of a clock that nobody can set. */
  now?: () => number;
}

/** As the SQL function: the database's clock may differ this much from what is expected. */
const toleranceMs = 10_000;
/** An expectation that no clock meets: nothing is judged. */
const never = new Date(0);

/**
 * Finds jobs that have gone silent. The database's clock judges, but only after it has gone on evenly
 * for as long as a job may be silent: no heartbeat could arrive while the dashboard was down, and a
 * clock that was set makes every heartbeat look old.
 */
export class LossDetection {
  readonly #options: LossDetectionOptions;
  readonly #now: () => number;
  #evenSince: number;
  /** The database's clock minus this process's. */
  #offset: number | null = null;

  constructor(options: LossDetectionOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#evenSince = this.#now();
  }

  async run(): Promise<void> {
    const { lostAfterMs, reap } = this.#options;
    const before = this.#now();
    const offset = this.#offset;
    const judges = offset !== null && before - this.#evenSince > lostAfterMs;
    const reply = await reap(judges ? new Date(before + offset) : never);
    const after = this.#now();
    const shown = Date.parse(reply.now);
    const even =
      offset !== null &&
      shown > before + offset - toleranceMs &&
      shown < after + offset + toleranceMs;
    if (offset !== null && !even) this.#evenSince = after;
    this.#offset = shown - after;
  }
}
