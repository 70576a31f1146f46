const firstMs = 250;
const capMs = 10_000;
const longestRetryAfterMs = 300_000;

/**
 * Full jitter: a random wait of up to 0.25 s, 0.5 s, 1 s … 10 s, so that a thousand clients that
 * lost their connection together do not return together. Never shorter than `retryAfterMs`.
 * `attempt` counts from 0.
 */
export function backoffMs(attempt: number, random: () => number, retryAfterMs = 0): number {
  const ceiling = Math.min(capMs, firstMs * 2 ** Math.min(attempt, 16));
  return Math.max(Math.round(random() * ceiling), retryAfterMs);
}

/** A `Retry-After` header, seconds or a date, as milliseconds from now: 0 to five minutes. */
export function retryAfterMs(header: string | null, now: number): number {
  if (!header) return 0;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), longestRetryAfterMs) : 0;
}
