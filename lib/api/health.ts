import { healthReplySchema } from "@signalbox/protocol/data/read";
import { apiFetch } from "./client.ts";

/** `GET /api/health`, which answers 503 when something is down. */
export function getHealth(signal?: AbortSignal) {
  return apiFetch("/api/health", { schema: healthReplySchema, accept: [503], signal });
}
