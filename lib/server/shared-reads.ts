interface Running<T> {
  /** Resolves when the read has settled. */
  settled: Promise<void>;
  /** The read that follows, for callers that came while this one was running. */
  next: Promise<T> | null;
}

/**
 * Shares one read among concurrent callers of the same key. A read is shared only by callers that
 * came before it began, so a caller never gets data older than its request.
 */
export class SharedReads<T> {
  readonly #running = new Map<string, Running<T>>();

  /** Resolves or rejects as `load` does, or as an equal one that begins after this call. */
  read(key: string, load: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key);
    if (!running) return this.#start(key, load);
    running.next ??= running.settled.then(() => this.#start(key, load));
    return running.next;
  }

  #start(key: string, load: () => Promise<T>): Promise<T> {
    const result = load();
    const settled = result.then(
      () => {},
      () => {},
    );
    const running: Running<T> = { settled, next: null };
    this.#running.set(key, running);
    void settled.then(() => {
      if (!running.next && this.#running.get(key) === running) this.#running.delete(key);
    });
    return result;
  }
}
