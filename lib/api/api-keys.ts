import {
  apiKeyListSchema,
  type CreateApiKeyBody,
  createApiKeyReplySchema,
} from "@signalbox/protocol/data/read";
import { z } from "zod";
import { apiFetch } from "./client.ts";

const path = "/api/settings/api-keys";

/** `GET /api/settings/api-keys` */
export function listApiKeys(signal?: AbortSignal) {
  return apiFetch(path, { schema: apiKeyListSchema, signal });
}

/** `POST /api/settings/api-keys`: the reply is the only place where the secret ever appears. */
export function createApiKey(body: CreateApiKeyBody) {
  return apiFetch(path, { schema: createApiKeyReplySchema, method: "POST", body });
}

/** `DELETE /api/settings/api-keys/{id}`: revokes it, on open streams too. */
export async function revokeApiKey(id: string): Promise<void> {
  await apiFetch(`${path}/${encodeURIComponent(id)}`, { schema: z.unknown(), method: "DELETE" });
}
