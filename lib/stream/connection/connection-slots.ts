/** Gives a slot back. */
export type Release = () => void;

/** The connections that a browser leaves for streams; injected, because programs have no such limit. */
export interface ConnectionSlots {
  /** A slot, at once or as soon as one is free; never after `signal` was aborted. */
  acquire(signal: AbortSignal): Release | Promise<Release>;
}

/** Over HTTP/1.1 browsers open six connections to a host; two are left for pages and requests. */
const slotNames = [0, 1, 2, 3].map((n) => `signalbox-stream-${n}`);

/**
 * The slots of this browser's windows, as Web Locks, which outlive no window. Without a limit where a
 * connection carries many streams (HTTP/2), and where there are no locks: outside a browser, and on
 * pages from another machine without TLS.
 */
export const browserSlots: ConnectionSlots = {
  acquire(signal) {
    const locks = typeof document === "undefined" ? undefined : navigator.locks;
    if (!locks || carriesManyStreams()) return () => {};
    const won = new AbortController();
    return new Promise((resolve) => {
      const hold = () => {
        if (won.signal.aborted || signal.aborted) return;
        return new Promise<void>((release) => {
          won.abort();
          resolve(release);
        });
      };
      for (const name of slotNames) {
        const options = { signal: AbortSignal.any([signal, won.signal]) };
        // Rejected when another slot was free first, or nobody waits any more.
        locks.request(name, options, hold).catch(() => {});
      }
    });
  },
};

function carriesManyStreams(): boolean {
  const [navigation] = performance.getEntriesByType("navigation");
  return (
    navigation instanceof PerformanceNavigationTiming && navigation.nextHopProtocol !== "http/1.1"
  );
}

/** The slot of one stream: taken before it opens, given back when it closes. */
export class StreamSlot {
  readonly #slots: ConnectionSlots;
  #release: Release | null = null;
  #waiting: AbortController | null = null;

  constructor(slots: ConnectionSlots) {
    this.#slots = slots;
  }

  /**
   * `held`: the stream may open. Else it waits, `asked` since now, and `onTaken` runs once there is a
   * slot, unless it is given back before.
   */
  take(onTaken: () => void): "held" | "asked" | "waiting" {
    if (this.#release) return "held";
    if (this.#waiting) return "waiting";
    const waiting = new AbortController();
    const taken = this.#slots.acquire(waiting.signal);
    if (typeof taken === "function") {
      this.#release = taken;
      return "held";
    }
    this.#waiting = waiting;
    void taken.then((release) => {
      if (waiting.signal.aborted) {
        release();
        return;
      }
      this.#waiting = null;
      this.#release = release;
      onTaken();
    });
    return "asked";
  }

  giveBack(): void {
    this.#waiting?.abort();
    this.#waiting = null;
    this.#release?.();
    this.#release = null;
  }
}
