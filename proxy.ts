import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import {
  isOwnersBrowser,
  signedOutCookie,
  signInLocalOwner,
} from "@/lib/server/auth/local/local-owner";
import { sessionClient, sessionCookieName } from "@/lib/server/auth/session";
import { verifyAccessToken } from "@/lib/server/auth/verify-access-token";
import { contentSecurityPolicy } from "@/lib/server/content-security-policy";

/**
 * Runs before every page: renews the session, signs the local owner in, and leads everybody else
 * to the sign-in page. API routes authenticate by themselves.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const onSignInPage = /^\/sign-in(\/|$)/.test(request.nextUrl.pathname);
  // An image or script on some page asks for nothing here, and must not cost anything either.
  if (!onSignInPage && !hasSession(request) && !isOwnNavigation(request.headers)) {
    return toSignIn(request);
  }
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
  return withCookies(signedIn || onSignInPage ? showPage(request) : toSignIn(request));
}

function hasSession(request: NextRequest): boolean {
  const name = sessionCookieName();
  // A long session is in several cookies: name.0, name.1 …
  return request.cookies.getAll().some((cookie) => cookie.name.startsWith(name));
}

function toSignIn(request: NextRequest): NextResponse {
  const signIn = new URL("/sign-in", request.url);
  const wanted = request.nextUrl.pathname + request.nextUrl.search;
  if (wanted !== "/") signIn.searchParams.set("next", wanted);
  return NextResponse.redirect(signIn);
}

/** Next puts the nonce of the request's policy on its own inline scripts. */
function showPage(request: NextRequest): NextResponse {
  const nonce = randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
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
