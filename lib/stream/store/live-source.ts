import type { Clock } from "@signalbox/protocol/time/clock";
import { ListenerSet } from "../../listener-set.ts";

export type Listener = () => void;

/**
 * The listeners of a source, which is open while there are any. It closes a moment after the last one
 * has left, so that moving between pages keeps it open.
 */
export class LiveSource {
  readonly #clock: Clock;
  readonly #closeDelayMs: number;
  readonly #open: () => void;
  readonly #close: () => void;
  readonly #listeners = new ListenerSet();
  #closing: unknown = null;
  #isOpen = false;

  constructor(clock: Clock, closeDelayMs: number, open: () => void, close: () => void) {
    this.#clock = clock;
    this.#closeDelayMs = closeDelayMs;
    this.#open = open;
    this.#close = close;
  }

  get active(): boolean {
    return this.#isOpen;
  }

  /** Listens until the returned function is called, which may happen twice. */
  subscribe = (listener: Listener): (() => void) => {
    const leave = this.#listeners.subscribe(listener);
    let left = false;
    this.#clock.clearTimeout(this.#closing);
    this.#closing = null;
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#open();
    }
    return () => {
      if (left) return;
      left = true;
      leave();
      if (this.#listeners.size > 0) return;
      this.#closing = this.#clock.setTimeout(() => {
        this.#closing = null;
        this.#isOpen = false;
        this.#close();
      }, this.#closeDelayMs);
    };
  };

  notify(): void {
    this.#listeners.notify();
  }
}
