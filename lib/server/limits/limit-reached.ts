import { env } from "../env";
import { AppError } from "../errors";
import { countRefusal } from "../service-metrics/refusals";
import { limits, type OwnLimit, settingOf } from "./limits";

/** How many of something a user may have. */
export function maximumOf(limit: OwnLimit): number {
  return env()[settingOf(limit)];
}

/**
 * The refusal of a request at a limit, which says what to do. It is `rate_limited` where waiting helps,
 * else `conflict`. Counts itself for the service's metrics.
 */
export function limitReached(limit: OwnLimit, used: number, retryAfterMs?: number): AppError {
  countRefusal(limit);
  const { noun, cure } = limits[limit];
  const maximum = maximumOf(limit);
  const seconds = retryAfterMs === undefined ? null : Math.max(1, Math.ceil(retryAfterMs / 1000));
  const again = seconds === null ? "" : ` Try again in ${seconds} s.`;
  return new AppError(
    seconds === null ? "conflict" : "rate_limited",
    `You have reached the limit of ${maximum.toLocaleString("en-US")} ${noun}. ${cure}${again}`,
    {
      details: { limit, maximum, used, setting: settingOf(limit), what_to_do: cure },
      headers: seconds === null ? {} : { "Retry-After": String(seconds) },
    },
  );
}
