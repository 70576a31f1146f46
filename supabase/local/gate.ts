/** Runs one piece of work at a time, in the order of asking. */
export class Gate {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** How many pieces of work are running or queued. */
  get load(): number {
    return this.#waiting;
  }

  /** Resolves or rejects as `work` does, once everything asked for earlier has settled. */
  run<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const result = this.#tail.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
