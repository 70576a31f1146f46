import type { ClientErrorBody } from "@signalbox/protocol/service/client-error";
import { AttemptLimit } from "../auth/attempt-limit";
import type { UserPrincipal } from "../auth/principal";
import { AppError } from "../errors";
import { processSingleton } from "../process-singleton";
import { serviceInstruments } from "./service-instruments.ts";

const perMinute = 30;

/**
 * Counts an error that a browser reports, and writes it into the log as one line.
 * @throws AppError rate_limited
 */
export function countClientError(
  { userId }: UserPrincipal,
  { kind, message, source, page }: ClientErrorBody,
): { counted: true } {
  const waitMs = processSingleton(
    "client-errors-by-user",
    () => new AttemptLimit({ attempts: perMinute, perMs: 60_000 }),
  ).take(userId);
  if (waitMs > 0) {
    throw new AppError("rate_limited", "At most 30 errors a minute are counted.", {
      headers: { "Retry-After": String(Math.ceil(waitMs / 1000)) },
    });
  }
  serviceInstruments().clientErrors.add({ kind });
  // As JSON, so that no text from a browser can end the line.
  console.warn(`[browser] ${kind}`, JSON.stringify({ message, source, page }));
  return { counted: true };
}
