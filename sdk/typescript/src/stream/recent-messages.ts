import type { StreamMessage } from "./message.ts";

const capacity = 10_000;

/** Remembers the last messages to recognise duplicates; the oldest are dropped first. */
export class RecentMessages {
  /** Key → timestamp, the least recently seen first. */
  readonly #seen = new Map<string, string>();
  readonly #capacity: number;

  constructor(limit = capacity) {
    this.#capacity = limit;
  }

  get size(): number {
    return this.#seen.size;
  }

  /**
   * Records a message; false if it is known. A run that was recreated under its id numbers its rows
   * from 1 again: there the time distinguishes a new message from a duplicate.
   */
  isNew({ key, timestamp }: StreamMessage): boolean {
    const known = this.#seen.get(key) === timestamp;
    this.#seen.delete(key);
    this.#seen.set(key, timestamp);
    if (this.#seen.size > this.#capacity) {
      const oldest = this.#seen.keys().next();
      if (!oldest.done) this.#seen.delete(oldest.value);
    }
    return !known;
  }
}
