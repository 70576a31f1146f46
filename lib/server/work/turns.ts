interface Waiting {
  run: () => Promise<void>;
}

/** More tasks of one user than may wait. */
export class TooManyWaiting extends Error {}

/**
 * Runs long tasks, `atOnce` at a time and one of each user, users in turn: who sends many waits for
 * their own, and others do not.
 */
export class Turns {
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #busy = new Set<string>();

  constructor({ atOnce, maxWaiting }: { atOnce: number; maxWaiting: number }) {
    this.#atOnce = atOnce;
    this.#maxWaiting = maxWaiting;
  }

  /** @throws TooManyWaiting */
  take<T>(userId: string, task: () => Promise<T>): Promise<T> {
    const own = this.#waiting.get(userId) ?? [];
    if (own.length >= this.#maxWaiting) throw new TooManyWaiting("too many tasks of one user");
    return new Promise<T>((resolve, reject) => {
      own.push({ run: () => task().then(resolve, reject) });
      this.#waiting.set(userId, own);
      this.#next();
    });
  }

  #next(): void {
    for (const [userId, [first, ...rest]] of this.#waiting) {
      if (this.#busy.size >= this.#atOnce) return;
      if (this.#busy.has(userId) || !first) continue;
      // Behind the others, where a Map iterates in the order of insertion.
      this.#waiting.delete(userId);
      if (rest.length > 0) this.#waiting.set(userId, rest);
      this.#busy.add(userId);
      void first.run().finally(() => {
        this.#busy.delete(userId);
        this.#next();
      });
    }
  }
}
