/** How values spread: how many lie in each bucket. */
export class Buckets {
  readonly bounds: readonly number[];
  /** By bucket, not cumulated; the last lies beyond all bounds. */
  readonly counts: number[];
  sum = 0;

  /** `bounds`: the upper bound of each bucket, ascending; a value at a bound lies below it. */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array(bounds.length + 1).fill(0);
  }

  add(value: number): void {
    const index = this.bounds.findIndex((bound) => value <= bound);
    const bucket = index < 0 ? this.bounds.length : index;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += value;
  }

  /** How many values lie at or below each bound, and how many there are, as Prometheus counts. */
  cumulated(): { below: [bound: number, count: number][]; count: number } {
    let count = 0;
    const below = this.bounds.map((bound, index): [number, number] => {
      count += this.counts[index] ?? 0;
      return [bound, count];
    });
    return { below, count: count + (this.counts.at(-1) ?? 0) };
  }
}
