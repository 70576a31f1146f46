import { type Capabilities, capabilitiesSchema } from "@signalbox/protocol/backend";
import { AppError } from "../errors";
import { callBackend } from "./backend-client";

/**
 * What the training backend can train.
 * @throws AppError backend_unavailable, also for an answer that makes no sense
 */
export async function backendCapabilities(): Promise<Capabilities> {
  const parsed = capabilitiesSchema.safeParse(await callBackend("/v1/capabilities"));
  if (parsed.success) return parsed.data;
  throw new AppError("backend_unavailable", "The training backend's answer makes no sense.", {
    cause: parsed.error,
  });
}
