import { type RetentionBody, retentionSchema } from "@signalbox/protocol/service/retention";
import { apiFetch } from "./client.ts";

const path = "/api/settings/retention";

/** `GET /api/settings/retention` */
export function getRetention(signal?: AbortSignal) {
  return apiFetch(path, { schema: retentionSchema, signal });
}

/** `PUT /api/settings/retention` */
export function saveRetention(body: RetentionBody) {
  return apiFetch(path, { schema: retentionSchema, method: "PUT", body });
}
