/** Upper bounds of the buckets in milliseconds. */
const bounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000];

/** Counts durations as Prometheus does. */
export class Histogram {
  readonly #counts = bounds.map(() => 0);
  #count = 0;
  #sum = 0;

  add(ms: number): void {
    this.#count += 1;
    this.#sum += ms;
    const index = bounds.findIndex((bound) => ms <= bound);
    if (index >= 0) this.#counts[index] = (this.#counts[index] ?? 0) + 1;
  }

  /** `buckets`: how many lasted at most so many milliseconds. */
  read(): { buckets: [le: number, count: number][]; sum: number; count: number } {
    let below = 0;
    const buckets = bounds.map((bound, index): [number, number] => {
      below += this.#counts[index] ?? 0;
      return [bound, below];
    });
    return { buckets, sum: this.#sum, count: this.#count };
  }
}
