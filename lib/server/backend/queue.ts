import { type BackendQueue, backendQueueSchema } from "@signalbox/protocol/service/backend";
import { AppError } from "../errors";
import { callBackend } from "./backend-client";

/** A page does not wait longer for what it can do without. */
const timeoutMs = 2_000;

/**
 * The running and the waiting trainers of the training backend, of all users; null for a backend
 * without a queue.
 * @throws AppError backend_unavailable
 */
export async function backendQueue(): Promise<BackendQueue | null> {
  try {
    const parsed = backendQueueSchema.safeParse(await callBackend("/v1/queue", { timeoutMs }));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}
