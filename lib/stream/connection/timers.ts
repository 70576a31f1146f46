import type { Clock } from "@signalbox/protocol/time/clock";

/** A few timers by name; arming one again replaces it. */
export class Timers<Name extends string> {
  readonly #clock: Clock;
  readonly #handles = new Map<Name, unknown>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  arm(name: Name, ms: number, run: () => void): void {
    this.clear(name);
    const handle = this.#clock.setTimeout(() => {
      this.#handles.delete(name);
      run();
    }, ms);
    this.#handles.set(name, handle);
  }

  armed(name: Name): boolean {
    return this.#handles.has(name);
  }

  clear(...names: Name[]): void {
    for (const name of names) {
      this.#clock.clearTimeout(this.#handles.get(name));
      this.#handles.delete(name);
    }
  }
}
