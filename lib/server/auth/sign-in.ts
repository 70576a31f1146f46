import type { Credentials } from "@signalbox/protocol/service/auth";
import { cookies } from "next/headers";
import { env } from "../env";
import { AppError } from "../errors";
import { authFailure } from "./auth-failure";
import { isOwnersBrowser, signedOutCookie, signInLocalOwner } from "./local/local-owner";
import { routeSessionClient } from "./session";
import { countSignInAttempt } from "./sign-in-attempts";
import { forgetVerifiedTokens } from "./verify-access-token";

/**
 * Signs a browser in with Supabase Auth; the session is kept in its cookies.
 * @throws AppError unauthorized, rate_limited, backend_unavailable
 */
export async function signIn(request: Request, credentials: Credentials): Promise<{ ok: true }> {
  countSignInAttempt(credentials.email);
  const { error } = await routeSessionClient(request).auth.signInWithPassword(credentials);
  if (error) throw authFailure(error, "unauthorized", "Incorrect email or password.");
  (await cookies()).delete(signedOutCookie);
  return { ok: true };
}

/**
 * Signs a user up. Where Supabase requires a confirmed address, says so and creates no session.
 * @throws AppError forbidden (sign-up is disabled), conflict, rate_limited, backend_unavailable
 */
export async function signUp(
  request: Request,
  credentials: Credentials,
): Promise<{ ok: true; confirmation_required: boolean }> {
  if (env().SIGNALBOX_ALLOW_SIGN_UP !== "1") {
    throw new AppError("forbidden", "Sign-up is disabled on this dashboard.");
  }
  countSignInAttempt(credentials.email);
  const { data, error } = await routeSessionClient(request).auth.signUp({
    ...credentials,
    options: { emailRedirectTo: `${env().SIGNALBOX_URL}/sign-in/confirmed` },
  });
  if (error) throw authFailure(error, "conflict", "This email address cannot be registered.");
  (await cookies()).delete(signedOutCookie);
  return { ok: true, confirmation_required: data.session === null };
}

/**
 * Signs the browser in as the owner of this machine's dashboard, without a password.
 * @throws AppError forbidden unless it is the owner's browser on this machine and the setting allows it
 */
export async function signInAsLocalOwner(request: Request): Promise<{ ok: true }> {
  if (!(await isOwnersBrowser()) || !(await signInLocalOwner(routeSessionClient(request)))) {
    throw new AppError(
      "forbidden",
      "Only a browser of the person who started the dashboard, on the same machine, can sign in without a password.",
    );
  }
  (await cookies()).delete(signedOutCookie);
  return { ok: true };
}

/** Ends the session, here and at Supabase. */
export async function signOut(request: Request): Promise<{ ok: true }> {
  await routeSessionClient(request).auth.signOut({ scope: "local" });
  forgetVerifiedTokens();
  (await cookies()).set(signedOutCookie, "1", { path: "/", sameSite: "lax", httpOnly: true });
  return { ok: true };
}
