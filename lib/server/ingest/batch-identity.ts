import { createHash } from "node:crypto";
import { idempotencyKey } from "../idempotency-key";

/**
 * Identifies a repeated batch: the client's id for it (header `Idempotency-Key`, or `batch_id` in
 * the body) and a hash of the raw body.
 * @throws AppError bad_request for an id that is empty or too long
 */
export function batchIdentity(
  request: Request,
  bodyText: string,
  bodyId: string | undefined,
): { p_batch_id: string | null; p_body_hash: string } {
  const id = idempotencyKey(request) ?? bodyId ?? null;
  const path = new URL(request.url).pathname;
  return {
    p_batch_id: id,
    p_body_hash: createHash("sha256").update(path).update("\0").update(bodyText).digest("base64"),
  };
}
