/** Counts what happens within a second. */
export class SecondCounter {
  #second = 0;
  #count = 0;

  /** Adds to the count of the second that is now; false if that exceeds the limit. */
  take(amount: number, limit: number): boolean {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) this.#count = 0;
    this.#second = second;
    this.#count += amount;
    return this.#count <= limit;
  }
}
