import { type Capabilities, capabilitiesSchema } from "@signalbox/protocol/service/backend";
import { AppError } from "../errors";
import { callBackend } from "./backend-client";
import { backendUrls } from "./backends";

/**
 * The trainers of the training backends, which all have the same: as the first that responds says.
 * @throws AppError backend_unavailable, also for an invalid reply
 */
export async function backendCapabilities(): Promise<Capabilities> {
  let failure: unknown;
  for (const url of backendUrls()) {
    try {
      return await capabilitiesOf(url);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function capabilitiesOf(url: string): Promise<Capabilities> {
  const parsed = capabilitiesSchema.safeParse(await callBackend(url, "/v1/capabilities"));
  if (parsed.success) return parsed.data;
  throw new AppError("backend_unavailable", "The training backend sent an invalid reply.", {
    cause: parsed.error,
  });
}
