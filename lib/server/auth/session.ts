import { createHash } from "node:crypto";
import { createServerClient } from "@supabase/ssr";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { env } from "../env";
import { AppError } from "../errors";
import { processSingleton } from "../process-singleton";

export interface CookieJar {
  getAll(): { name: string; value: string }[];
  setAll(cookies: { name: string; value: string; options: Record<string, unknown> }[]): void;
}

/** One name per Supabase, so that two dashboards on one host do not sign each other out. */
export function sessionCookieName(): string {
  const key = createHash("sha256").update(env().SUPABASE_PUBLISHABLE_KEY).digest("hex");
  return `signalbox-${key.slice(0, 8)}`;
}

/** The Supabase client of one browser, whose session lives in its cookies. */
export function sessionClient(jar: CookieJar): SupabaseClient {
  return createServerClient(env().SUPABASE_URL, env().SUPABASE_PUBLISHABLE_KEY, {
    cookieOptions: {
      name: sessionCookieName(),
      httpOnly: true,
      sameSite: "lax",
      secure: env().SIGNALBOX_URL.startsWith("https:"),
      path: "/",
    },
    cookies: {
      getAll: () => jar.getAll(),
      setAll: (cookies) => jar.setAll(cookies),
    },
  });
}

export interface SessionUser {
  id: string;
  email: string;
}

const verifiedFor = 15_000;
type Verified = { user: SessionUser; until: number };

/**
 * The user of an access token, as Supabase Auth says; null where the token is not good. An answer
 * holds for 15 s, so that a page's many requests cost one look-up.
 */
export async function verifyAccessToken(token: string): Promise<SessionUser | null> {
  const cache = processSingleton("verified-tokens", () => new Map<string, Verified>());
  const key = createHash("sha256").update(token).digest("base64");
  const hit = cache.get(key);
  const now = Date.now();
  if (hit && hit.until > now) return hit.user;
  const { data, error } = await authClient().auth.getUser(token);
  if (error && (error.status === undefined || error.status === 0 || error.status >= 500)) {
    throw new AppError("backend_unavailable", "The sign-in service does not answer.", {
      cause: error,
    });
  }
  if (error || !data.user) {
    cache.delete(key);
    return null;
  }
  if (cache.size > 5000) cache.clear();
  const user = { id: data.user.id, email: data.user.email ?? "" };
  cache.set(key, { user, until: now + verifiedFor });
  return user;
}

/** Makes a sign-out felt at once instead of when the cached answer ends. */
export function forgetVerifiedTokens(): void {
  processSingleton("verified-tokens", () => new Map<string, Verified>()).clear();
}

function authClient(): SupabaseClient {
  return processSingleton("auth-client", () =>
    createClient(env().SUPABASE_URL, env().SUPABASE_PUBLISHABLE_KEY, {
      auth: { persistSession: false, autoRefreshToken: false },
    }),
  );
}
