import type { LimitName } from "@signalbox/protocol/service/usage";
import { processSingleton } from "../process-singleton";

const counts = () => processSingleton("refusals-by-limit", () => new Map<LimitName, number>());

/** Counts a request that was refused at a limit. */
export function countRefusal(limit: LimitName): void {
  counts().set(limit, (counts().get(limit) ?? 0) + 1);
}

/** How many requests this process has refused, by limit. */
export function refusals(): ReadonlyMap<LimitName, number> {
  return counts();
}
