import { type Capabilities, capabilitiesSchema } from "@signalbox/protocol/service/backend";
import { apiFetch } from "./client.ts";

/** `GET /api/training/capabilities`: what the training backend can train, and how. */
export function getCapabilities(signal?: AbortSignal): Promise<Capabilities> {
  return apiFetch("/api/training/capabilities", { schema: capabilitiesSchema, signal });
}
