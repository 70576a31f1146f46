const firstMs = 250;
const capMs = 10_000;

/**
 * Full jitter: a random wait up to 0.25 s, 0.5 s, 1 s … 10 s, so that a thousand clients cut off
 * at once do not come back at once. `attempt` counts from 0; `retryAfterMs` is the server's wish.
 */
export function backoffMs(attempt: number, random: () => number, retryAfterMs = 0): number {
  const ceiling = Math.min(capMs, firstMs * 2 ** Math.min(attempt, 16));
  return Math.max(Math.round(random() * ceiling), retryAfterMs);
}

/** A `Retry-After` header (seconds or a date) as milliseconds from now, at most five minutes. */
export function retryAfterMs(header: string | null, now: number): number {
  if (!header) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 300_000) : 0;
}
