import type { Clock } from "../clock.ts";

interface Timer {
  at: number;
  run: () => void;
}

/** Lets promises and the internals of streams settle. */
export async function settle(rounds = 5): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A clock that stands still until it is advanced; timers fire in order, each fully settled. */
export class ManualClock implements Clock {
  #now: number;
  #setBy = 0;
  readonly #timers = new Set<Timer>();
  /** The length of every wait that was asked for. */
  readonly waits: number[] = [];

  constructor(start = Date.parse("2026-11-20T12:00:00.000Z")) {
    this.#now = start;
  }

  now = (): number => this.#now;
  wallTime = (): number => this.#now + this.#setBy;

  /** Sets the time of day forward (or back, if negative); waits go on. */
  setWallTime(byMs: number): void {
    this.#setBy += byMs;
  }

  get pending(): number {
    return this.#timers.size;
  }

  setTimeout(run: () => void, ms: number): unknown {
    const timer = { at: this.#now + Math.max(0, ms), run };
    this.#timers.add(timer);
    this.waits.push(ms);
    return timer;
  }

  clearTimeout(handle: unknown): void {
    this.#timers.delete(handle as Timer);
  }

  async advance(ms: number): Promise<void> {
    const target = this.#now + ms;
    await settle();
    for (;;) {
      let next: Timer | null = null;
      for (const timer of this.#timers) {
        if (timer.at <= target && (!next || timer.at < next.at)) next = timer;
      }
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settle();
    }
    this.#now = target;
  }
}
