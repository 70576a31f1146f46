import { type NextRequest, NextResponse } from "next/server";
import {
  isOwnersBrowser,
  signedOutCookie,
  signInLocalOwner,
} from "@/lib/server/auth/local/local-owner";
import { sessionClient } from "@/lib/server/auth/session";
import { verifyAccessToken } from "@/lib/server/auth/verify-access-token";

/**
 * Runs before every page: renews the session, signs the local owner in, and leads everybody else
 * to the sign-in page. API routes authenticate by themselves.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const changed: { name: string; value: string; options: Record<string, unknown> }[] = [];
  const client = sessionClient({
    getAll: () => request.cookies.getAll(),
    setAll: (list) => {
      for (const cookie of list) {
        request.cookies.set(cookie.name, cookie.value);
        changed.push(cookie);
      }
    },
  });
  const withCookies = (response: NextResponse) => {
    for (const { name, value, options } of changed) response.cookies.set(name, value, options);
    return response;
  };

  const onSignInPage = /^\/sign-in(\/|$)/.test(request.nextUrl.pathname);
  const { data } = await client.auth.getSession();
  let signedIn = data.session !== null && (await isGood(data.session.access_token));
  if (
    !signedIn &&
    !onSignInPage &&
    !request.cookies.has(signedOutCookie) &&
    isOwnNavigation(request.headers) &&
    (await isOwnersBrowser())
  ) {
    signedIn = (await signInLocalOwner(client)) !== null;
  }
  if (signedIn || onSignInPage) return withCookies(NextResponse.next({ request }));

  const signIn = new URL("/sign-in", request.url);
  const wanted = request.nextUrl.pathname + request.nextUrl.search;
  if (wanted !== "/") signIn.searchParams.set("next", wanted);
  return withCookies(NextResponse.redirect(signIn));
}

/** A page opened by its address or from this dashboard, not by or within another site's page. */
function isOwnNavigation(headers: Headers): boolean {
  return (
    headers.get("sec-fetch-mode") === "navigate" &&
    headers.get("sec-fetch-dest") === "document" &&
    ["none", "same-origin"].includes(headers.get("sec-fetch-site") ?? "")
  );
}

/** While the database is away, pages are shown all the same: they say so better than a redirect. */
async function isGood(accessToken: string): Promise<boolean> {
  try {
    return (await verifyAccessToken(accessToken)) !== null;
  } catch {
    return true;
  }
}

export const config = {
  matcher: ["/((?!api/|sdk/|_next/|icon.svg|favicon.ico).*)"],
};
