import { type BackendQueue, backendQueueSchema } from "@signalbox/protocol/service/backend";
import { AppError } from "../errors";
import { callBackend } from "./backend-client";
import { backendUrls } from "./backends";

/** A page does not wait longer for what it can do without. */
const timeoutMs = 2_000;

/**
 * The running and the waiting trainers of each training backend that responds and has a queue, of all
 * users.
 * @throws AppError backend_unavailable where none responds
 */
export async function backendQueues(): Promise<BackendQueue[]> {
  const asked = await Promise.allSettled(backendUrls().map(queueOf));
  const answers = asked.filter((answer) => answer.status === "fulfilled");
  if (answers.length === 0) throw asked.find((answer) => answer.status === "rejected")?.reason;
  return answers.flatMap(({ value }) => value ?? []);
}

/** Null for a backend without a queue. */
async function queueOf(url: string): Promise<BackendQueue | null> {
  try {
    const parsed = backendQueueSchema.safeParse(await callBackend(url, "/v1/queue", { timeoutMs }));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}
