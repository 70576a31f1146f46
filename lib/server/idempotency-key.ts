import { clientKeySchema } from "@signalbox/protocol/wire/primitives";
import { AppError } from "./errors";

/**
 * The request's `Idempotency-Key`, or null.
 * @throws AppError bad_request if it is empty or too long
 */
export function idempotencyKey(request: Request): string | null {
  const key = request.headers.get("idempotency-key");
  if (key !== null && !clientKeySchema.safeParse(key).success) {
    throw new AppError("bad_request", "Idempotency-Key: must have 1 to 128 characters.");
  }
  return key;
}
