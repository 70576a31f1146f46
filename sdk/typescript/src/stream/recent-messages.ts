import type { StreamMessage } from "./message.ts";

const capacity = 10_000;

/** Remembers the last messages, so that one which comes again is known; the oldest go first. */
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
   * Notes a message; false when it is known. A run created anew under its old id numbers its rows
   * from 1 again: there the time tells a new message from a repeated one.
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
