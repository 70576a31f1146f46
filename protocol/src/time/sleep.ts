import { type Clock, systemClock } from "./clock.ts";

/** Resolves after `ms`; rejects at once with the signal's reason when that aborts. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      clock.clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Resolves after `ms` or when the signal aborts: for loops that check their signal themselves. */
export const sleepUntilAbort: Sleep = (ms, signal) =>
  sleep(systemClock, ms, signal).catch(() => {});
