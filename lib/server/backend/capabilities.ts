import { type Capabilities, capabilitiesSchema } from "@signalbox/protocol/service/backend";
import { AppError } from "../errors";
import { callBackend } from "./backend-client";

/**
 * The trainers of the training backend.
 * @throws AppError backend_unavailable, also for an invalid reply
 */
export async function backendCapabilities(): Promise<Capabilities> {
  const parsed = capabilitiesSchema.safeParse(await callBackend("/v1/capabilities"));
  if (parsed.success) return parsed.data;
  throw new AppError("backend_unavailable", "The training backend sent an invalid reply.", {
    cause: parsed.error,
  });
}
