import type { Clock } from "./clock.ts";

/** Runs a callback before the next paint; null where nothing is painted. */
export type NextFrame = ((run: () => void) => void) | null;

/** The browser's animation frames; none for a hidden tab, which paints nothing. */
export const browserFrame: NextFrame =
  typeof requestAnimationFrame === "undefined"
    ? null
    : (run) => {
        if (document.hidden) run();
        else requestAnimationFrame(run);
      };

/** Tells listeners of changes: the first at once, the following at most every `intervalMs`. */
export class Flusher {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #nextFrame: NextFrame;
  readonly #flush: () => void;
  #flushedAt = Number.NEGATIVE_INFINITY;
  #timer: unknown = null;

  constructor(clock: Clock, intervalMs: number, nextFrame: NextFrame, flush: () => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#nextFrame = nextFrame;
    this.#flush = flush;
  }

  /** Something changed: a flush follows, together with what else changes until then. */
  schedule(): void {
    if (this.#timer !== null) return;
    const wait = Math.max(0, this.#flushedAt + this.#intervalMs - this.#clock.now());
    this.#timer = this.#clock.setTimeout(() => {
      if (this.#nextFrame) this.#nextFrame(this.#run);
      else this.#run();
    }, wait);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  readonly #run = (): void => {
    if (this.#timer === null) return;
    this.#timer = null;
    this.#flushedAt = this.#clock.now();
    this.#flush();
  };
}
