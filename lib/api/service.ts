import { serviceReplySchema } from "@signalbox/protocol/service/service-status";
import { apiFetch } from "./client.ts";

/** `GET /api/service`: for administrators. */
export function getService(signal?: AbortSignal) {
  return apiFetch("/api/service", { schema: serviceReplySchema, signal });
}
