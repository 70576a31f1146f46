import { usageSchema } from "@signalbox/protocol/service/usage";
import { apiFetch } from "./client.ts";

/** `GET /api/usage` */
export function getUsage(signal?: AbortSignal) {
  return apiFetch("/api/usage", { schema: usageSchema, signal });
}
