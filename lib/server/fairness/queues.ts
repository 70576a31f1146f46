import { FairQueue, QueueFull, type Turn } from "@/lib/fair-queue/fair-queue";
import { AppError } from "../errors";
import { processSingleton } from "../process-singleton";
import { actingUser } from "./acting-user";

/** Calls of the database at once: more would only wait there, in the order in which they came. */
const databaseSlots = { slots: 24, slotsEach: 8 };
/** Large requests of one user that are read, parsed and stored at once. */
const largeRequestSlots = { slots: Number.POSITIVE_INFINITY, slotsEach: 2, waitMs: 60_000 };
const largeBytes = 64 * 1024;

export function databaseQueue(): FairQueue {
  return processSingleton("database-queue", () => new FairQueue(databaseSlots));
}

function largeRequests(): FairQueue {
  return processSingleton("large-requests", () => new FairQueue(largeRequestSlots));
}

/** Whose turn a call of the database takes. */
export function currentTurn(bulk: boolean): Turn {
  return { user: actingUser() ?? "signalbox", bulk };
}

/**
 * Handles a request, after others of the same user if its body is large: what waits has not been read.
 * @throws AppError backend_unavailable if too many of the user's wait
 */
export async function handleInTurn<T>(
  { headers, body }: Request,
  userId: string,
  handle: () => Promise<T>,
): Promise<T> {
  const length = headers.get("content-length");
  const small = length !== null && Number(length) <= largeBytes && !headers.has("content-encoding");
  if (!body || small) return handle();
  return orUnavailable(largeRequests().run(handle, { user: userId, bulk: true }));
}

/** What `work` brings; a full queue as the error that asks to try again. */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof QueueFull)) throw error;
    throw new AppError(
      "backend_unavailable",
      "Too many requests of yours are waiting. Nothing was changed; try again.",
      { cause: error, headers: { "Retry-After": "2" } },
    );
  }
}
