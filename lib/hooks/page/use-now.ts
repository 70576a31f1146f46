import { useSyncExternalStore } from "react";
import { ListenerSet } from "@/lib/listener-set";

interface Ticker {
  subscribe: (listener: () => void) => () => void;
  now: () => number;
}

/** One timer for all readers of the same interval; it runs while there are readers. */
function createTicker(everyMs: number): Ticker {
  const listeners = new ListenerSet();
  let timer: ReturnType<typeof setInterval> | undefined;
  let now = 0;
  return {
    subscribe(listener) {
      const leave = listeners.subscribe(listener);
      if (timer === undefined) {
        now = Date.now();
        timer = setInterval(() => {
          now = Date.now();
          listeners.notify();
        }, everyMs);
      }
      return () => {
        leave();
        if (listeners.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
      };
    },
    now() {
      if (timer === undefined || now === 0) now = Math.floor(Date.now() / everyMs) * everyMs;
      return now;
    },
  };
}

const tickers = new Map<number, Ticker>();

function tickerFor(everyMs: number): Ticker {
  const known = tickers.get(everyMs);
  if (known) return known;
  const made = createTicker(everyMs);
  tickers.set(everyMs, made);
  return made;
}

const onServer = () => null;

/**
 * The current time in milliseconds since 1970, updated every `everyMs`; null on the server and
 * during hydration, where a clock would differ from the browser's.
 */
export function useNow(everyMs = 1000): number | null {
  const ticker = tickerFor(everyMs);
  return useSyncExternalStore<number | null>(ticker.subscribe, ticker.now, onServer);
}
