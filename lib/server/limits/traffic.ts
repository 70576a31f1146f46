import { AttemptLimit } from "../auth/attempt-limit";
import { processSingleton } from "../process-singleton";
import { limitReached, maximumOf } from "./limit-reached";
import { OpenCounts } from "./open-counts";

/** When to try again for something that others of the user have to close first. */
const retryAfterMs = 5_000;

function requests(): AttemptLimit {
  return processSingleton(
    "requests-by-user",
    () => new AttemptLimit({ attempts: maximumOf("requests"), perMs: 60_000 }),
  );
}

/**
 * Counts a request of a user.
 * @throws AppError rate_limited
 */
export function countRequest(userId: string): void {
  const waitMs = requests().take(userId);
  if (waitMs > 0) throw limitReached("requests", maximumOf("requests"), waitMs);
}

export type OpenLimit = "streams" | "polls";

function opened(limit: OpenLimit): OpenCounts {
  return processSingleton(`open-${limit}`, () => new OpenCounts());
}

/**
 * Counts a live stream or a long poll of a user, until the returned function is called.
 * @throws AppError rate_limited
 */
export function countOpen(limit: OpenLimit, userId: string): () => void {
  const counts = opened(limit);
  const used = counts.used(userId);
  if (used >= maximumOf(limit)) throw limitReached(limit, used, retryAfterMs);
  return counts.add(userId);
}

/** What a user has open in this process, and the requests of the last minute that count. */
export function trafficOf(userId: string): Record<OpenLimit | "requests", number> {
  return {
    requests: requests().used(userId),
    streams: opened("streams").used(userId),
    polls: opened("polls").used(userId),
  };
}
