import { setImmediate as letOthersRun } from "node:timers/promises";

/** How long a step of long work may take. */
const stepMs = 10;

/** Divides long work into steps, between which other requests have their turn. */
export class Breath {
  #since = performance.now();

  /** To be awaited often: mostly there is nothing to wait for. */
  ifDue(): Promise<void> | undefined {
    if (performance.now() - this.#since < stepMs) return undefined;
    return this.#take();
  }

  async #take(): Promise<void> {
    await letOthersRun();
    this.#since = performance.now();
  }
}
