import { createHash } from "node:crypto";
import { createServerClient } from "@supabase/ssr";
import type { SupabaseClient } from "@supabase/supabase-js";
import { cookies } from "next/headers";
import { env } from "../env";
import { fetchRefreshingOnce } from "./refresh-once";
import { cookiesOf } from "./request-cookies";

type SetCookie = { name: string; value: string; options: Record<string, unknown> };

export interface CookieJar {
  getAll(): { name: string; value: string }[];
  setAll(cookies: SetCookie[]): void | Promise<void>;
}

/** A name per Supabase project, so that two dashboards on one host do not sign each other out. */
export function sessionCookieName(): string {
  const key = createHash("sha256").update(env().SUPABASE_PUBLISHABLE_KEY).digest("hex");
  return `signalbox-${key.slice(0, 8)}`;
}

/** The Supabase client of one browser, whose session lives in its cookies. */
export function sessionClient(jar: CookieJar): SupabaseClient {
  return createServerClient(env().SUPABASE_URL, env().SUPABASE_PUBLISHABLE_KEY, {
    global: { fetch: fetchRefreshingOnce },
    cookieOptions: {
      name: sessionCookieName(),
      httpOnly: true,
      sameSite: "lax",
      secure: env().SIGNALBOX_URL.startsWith("https:"),
      path: "/",
    },
    cookies: {
      getAll: () => jar.getAll(),
      setAll: (list) => jar.setAll(list),
    },
  });
}

/** The session client of a route handler's request; a refresh sets its cookies. */
export function routeSessionClient(request: Request): SupabaseClient {
  return sessionClient({ getAll: () => cookiesOf(request), setAll: setCookies });
}

/** The same, but the browser gets its cookies only with `keep()`: for a session that may be given up. */
export function heldSessionClient(request: Request) {
  const held: SetCookie[] = [];
  const client = sessionClient({
    getAll: () => cookiesOf(request),
    setAll: (list) => {
      held.push(...list);
    },
  });
  return { client, keep: () => setCookies(held) };
}

async function setCookies(list: SetCookie[]): Promise<void> {
  const jar = await cookies();
  for (const { name, value, options } of list) jar.set(name, value, options);
}

/** The access token of a request's session cookie, refreshed if it had expired; else null. */
export async function sessionAccessToken(request: Request): Promise<string | null> {
  if (!request.headers.get("cookie")?.includes(sessionCookieName())) return null;
  const { data } = await routeSessionClient(request).auth.getSession();
  return data.session?.access_token ?? null;
}
