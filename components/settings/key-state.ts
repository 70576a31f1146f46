import type { ApiKey } from "@signalbox/protocol/data/read";

export type KeyState = "active" | "expiring" | "expired" | "revoked";

const week = 7 * 24 * 3600 * 1000;

/** The state of a key at `now`. */
export function keyState(key: Pick<ApiKey, "expires_at" | "revoked_at">, now: number): KeyState {
  if (key.revoked_at !== null) return "revoked";
  if (key.expires_at === null) return "active";
  const left = Date.parse(key.expires_at) - now;
  if (left <= 0) return "expired";
  return left < week ? "expiring" : "active";
}

/** Working keys first, each group newest first. */
export function sortKeys(keys: readonly ApiKey[], now: number): ApiKey[] {
  const dead = (key: ApiKey) => {
    const state = keyState(key, now);
    return state === "revoked" || state === "expired" ? 1 : 0;
  };
  return [...keys].sort(
    (a, b) => dead(a) - dead(b) || Date.parse(b.created_at) - Date.parse(a.created_at),
  );
}
