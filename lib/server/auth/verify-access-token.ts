import { createHash } from "node:crypto";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { env } from "../env";
import { AppError } from "../errors";
import { processSingleton } from "../process-singleton";

export interface SessionUser {
  id: string;
  email: string;
}

const cacheForMs = 15_000;
type Verified = { user: SessionUser; until: number };

/** An id for a token that does not reveal it. */
export function tokenId(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

/**
 * The user of an access token according to Supabase Auth; null where the token is invalid. A result
 * is cached for 15 s, so that a page's many requests cost one lookup.
 * @throws AppError backend_unavailable when Supabase Auth is not responding
 */
export async function verifyAccessToken(token: string): Promise<SessionUser | null> {
  const verified = verifiedTokens();
  const id = tokenId(token);
  const now = performance.now();
  const hit = verified.get(id);
  if (hit && hit.until > now) return hit.user;
  const { data, error } = await authClient().auth.getUser(token);
  if (error && (!error.status || error.status >= 500)) {
    throw new AppError("backend_unavailable", "The sign-in service is not responding.", {
      cause: error,
    });
  }
  if (error || !data.user) {
    verified.delete(id);
    return null;
  }
  if (verified.size > 5000) verified.clear();
  const user = { id: data.user.id, email: data.user.email ?? "" };
  verified.set(id, { user, until: now + cacheForMs });
  return user;
}

/** Makes a sign-out effective in this process at once, not when the cache expires. */
export function forgetVerifiedTokens(): void {
  verifiedTokens().clear();
}

function verifiedTokens(): Map<string, Verified> {
  return processSingleton("verified-tokens", () => new Map<string, Verified>());
}

function authClient(): SupabaseClient {
  return processSingleton("auth-client", () =>
    createClient(env().SUPABASE_URL, env().SUPABASE_PUBLISHABLE_KEY, {
      auth: { persistSession: false, autoRefreshToken: false },
    }),
  );
}
