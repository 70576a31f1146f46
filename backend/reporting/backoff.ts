/** Sleeps for `ms`, or until the signal aborts; never rejects. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export const sleep: Sleep = (ms, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done, { once: true });
  });

const FIRST_MS = 200;
const CAP_MS = 10_000;

/** Wait before retry number `attempt` (0 first): doubling, capped, half of it at random. */
export function backoffMs(attempt: number, random: () => number): number {
  const full = Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return full / 2 + (random() * full) / 2;
}
