/** The listeners of one source of events. */
export class ListenerSet<Args extends readonly unknown[] = []> {
  readonly #listeners = new Set<(...args: Args) => void>();

  get size(): number {
    return this.#listeners.size;
  }

  /** Adds a listener, also one that is there already; the returned function may run twice. */
  subscribe = (listener: (...args: Args) => void): (() => void) => {
    const own = (...args: Args) => listener(...args);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  };

  /** Calls those that listen now; a listener may leave, or let others in, while it is called. */
  notify(...args: Args): void {
    for (const listener of [...this.#listeners]) listener(...args);
  }
}
