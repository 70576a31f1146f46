import { processSingleton } from "../process-singleton";
import { callRpc } from "../rpc/call-rpc";
import { limitReached, maximumOf } from "./limit-reached";
import { type Amounts, StoredUsage } from "./stored-usage";

/** Rows of journals that one call counts: some 50 ms of work. */
const rowsPerRead = 20_000;

export function storedUsage(): StoredUsage {
  return processSingleton(
    "stored-usage",
    () =>
      new StoredUsage({
        read: (userId) => callRpc("read_usage", { p_user_id: userId, p_rows: rowsPerRead }),
        log: (message, error) => console.warn(message, error),
      }),
  );
}

interface Storing<T> {
  userId: string;
  amounts: Amounts;
  store: () => Promise<T>;
  /** Whether there is nothing new to store; asked only before a refusal. */
  isKnown?: () => Promise<boolean>;
  /** Whether what was stored is new. */
  isNew?: (stored: T) => boolean;
}

/**
 * Stores something of a user within the limits.
 * @throws AppError conflict at a limit, else as `store` does
 */
export async function storeWithinLimits<T>({
  userId,
  amounts,
  store,
  isKnown = async () => false,
  isNew = () => true,
}: Storing<T>): Promise<T> {
  const usage = storedUsage();
  const lacking = await usage.lacking(userId, amounts, maximumOf);
  if (lacking && !(await isKnown())) throw limitReached(lacking.limit, lacking.used);
  const stored = await store();
  if (!lacking && isNew(stored)) usage.add(userId, amounts);
  return stored;
}
