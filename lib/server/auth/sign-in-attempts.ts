import { connections } from "../../../web/connection.ts";
import { env } from "../env";
import { AppError } from "../errors";
import { processSingleton } from "../process-singleton";
import { AttemptLimit } from "./attempt-limit";

const perMs = 5 * 60_000;

/**
 * Counts an attempt to sign in or up, by the address that it comes from and the account that it is
 * for: before the work of checking a password is done.
 * @throws AppError rate_limited
 */
export function countSignInAttempt(account?: string): void {
  const { byAddress, byAccount } = limits();
  const address = connections.getStore()?.address ?? "unknown";
  refuseFor(byAddress.take(address), "from this address");
  if (account !== undefined) {
    refuseFor(byAccount.take(account.trim().toLowerCase()), "for this account");
  }
}

function refuseFor(waitMs: number, whose: string): void {
  if (waitMs === 0) return;
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  throw new AppError(
    "rate_limited",
    `Too many sign-in attempts ${whose}. Try again in ${seconds} s.`,
    { headers: { "Retry-After": String(seconds) } },
  );
}

function limits() {
  return processSingleton("sign-in-attempts", () => ({
    byAddress: new AttemptLimit({ attempts: env().SIGNALBOX_SIGN_INS_PER_ADDRESS, perMs }),
    byAccount: new AttemptLimit({ attempts: env().SIGNALBOX_SIGN_INS_PER_ACCOUNT, perMs }),
  }));
}
