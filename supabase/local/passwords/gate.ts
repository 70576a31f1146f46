/** Runs one task at a time, in the order of the calls. */
export class Gate {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** How many tasks are running or queued. */
  get load(): number {
    return this.#waiting;
  }

  /** Resolves or rejects as `work` does; starts once all earlier tasks have settled. */
  run<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const result = this.#tail.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
