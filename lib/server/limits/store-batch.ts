import type { ingestAuth } from "../auth/principal";
import { callRpc } from "../rpc/call-rpc";
import { storeWithinLimits } from "./room";
import type { Amounts } from "./stored-usage";

interface BatchTarget {
  p_auth: ReturnType<typeof ingestAuth>;
  p_job_id: string;
  p_batch_id: string | null;
}

/**
 * Stores a batch within its owner's limits. One that was stored before gets its answer at a limit, too.
 * @throws AppError conflict at a limit, else as `store` does
 */
export function storeBatch<T>(
  userId: string,
  { p_auth, p_job_id, p_batch_id }: BatchTarget,
  amounts: Amounts,
  store: () => Promise<T>,
): Promise<T> {
  return storeWithinLimits({
    userId,
    amounts,
    store,
    isKnown: async () =>
      p_batch_id !== null && (await callRpc("batch_stored", { p_auth, p_job_id, p_batch_id })),
  });
}
