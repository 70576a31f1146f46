import type { Batch } from "../frames/batch.ts";
import { limits } from "../source/feed.ts";

/** The newest batches of a channel, without gaps, so that a short disconnection costs no read. */
export class RecentBatches {
  #batches: Batch[] = [];

  add(batch: Batch): void {
    this.#batches.push(batch);
    let cost = this.#batches.reduce((sum, kept) => sum + kept.cost, 0);
    while (
      this.#batches.length > limits.recentBatches ||
      (cost > limits.recentBytes && this.#batches.length > 0)
    ) {
      cost -= this.#batches.shift()?.cost ?? 0;
    }
  }

  /** Every batch with rows after the cursor; null if the cursor is older than the oldest batch. */
  after(cursor: number): Batch[] | null {
    const oldest = this.#batches[0];
    if (!oldest || cursor < oldest.after) return null;
    return this.#batches.filter((batch) => batch.last > cursor);
  }
}
