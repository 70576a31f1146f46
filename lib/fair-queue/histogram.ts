import { Buckets } from "../buckets.ts";

/** Upper bounds of the buckets in milliseconds. */
const bounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000];

/** Counts durations as Prometheus does. */
export class Histogram {
  readonly #durations = new Buckets(bounds);

  add(ms: number): void {
    this.#durations.add(ms);
  }

  /** `buckets`: how many lasted at most so many milliseconds. */
  read(): { buckets: [le: number, count: number][]; sum: number; count: number } {
    const { below, count } = this.#durations.cumulated();
    return { buckets: below, sum: this.#durations.sum, count };
  }
}
