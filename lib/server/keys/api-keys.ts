import type { ApiKey, CreateApiKeyBody } from "@signalbox/protocol/data/read";
import { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { newApiKey, secretHash } from "../auth/secrets";
import { AppError } from "../errors";
import { storeWithinLimits } from "../limits/room";
import { callRpc } from "../rpc/call-rpc";

/**
 * Creates an API key. Its secret is only in this reply; the database stores a keyed hash.
 * @throws AppError conflict at the limit of valid keys
 */
export async function createApiKey(
  principal: UserPrincipal,
  body: CreateApiKeyBody,
): Promise<{ key: ApiKey; secret: string }> {
  const secret = newApiKey();
  const expires = body.expires_in_days ? Date.now() + body.expires_in_days * 86_400_000 : null;
  const key = await storeWithinLimits({
    userId: principal.userId,
    amounts: { api_keys: 1 },
    store: () =>
      callRpc("create_api_key", {
        p_user_id: principal.userId,
        p_name: body.name,
        p_prefix: secret.slice(0, 8),
        p_key_hash: secretHash(secret),
        p_scopes: [...new Set(body.scopes)],
        p_expires_at: expires === null ? null : new Date(expires).toISOString(),
      }),
  });
  return { key, secret };
}

export async function listApiKeys(
  principal: UserPrincipal,
  page: { limit: number; offset: number },
) {
  return callRpc("list_api_keys", {
    p_user_id: principal.userId,
    p_limit: page.limit,
    p_offset: page.offset,
  });
}

/** Revokes a key at once. Throws not_found. */
export async function revokeApiKey(principal: UserPrincipal, id: string): Promise<ApiKey> {
  if (!z.uuid().safeParse(id).success) {
    throw new AppError("not_found", "API key not found.");
  }
  return callRpc("revoke_api_key", { p_user_id: principal.userId, p_id: id });
}
