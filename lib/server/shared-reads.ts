interface Running<T> {
  /** Resolves when the read has ended, well or not. */
  over: Promise<void>;
  /** The read that follows, for those who asked while this one was under way. */
  next: Promise<T> | null;
}

/**
 * Lets those who ask for the same thing at the same time share a read. A read is shared only by
 * those who asked before it began, so nobody is answered from before their question.
 */
export class SharedReads<T> {
  readonly #running = new Map<string, Running<T>>();

  /** Resolves or rejects as `load` does, or as an equal one that begins after this call. */
  read(key: string, load: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key);
    if (!running) return this.#start(key, load);
    running.next ??= running.over.then(() => this.#start(key, load));
    return running.next;
  }

  #start(key: string, load: () => Promise<T>): Promise<T> {
    const result = load();
    const over = result.then(
      () => {},
      () => {},
    );
    const running: Running<T> = { over, next: null };
    this.#running.set(key, running);
    void over.then(() => {
      if (!running.next && this.#running.get(key) === running) this.#running.delete(key);
    });
    return result;
  }
}
