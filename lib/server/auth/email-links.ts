import { cookies } from "next/headers";
import { env } from "../env";
import { AppError } from "../errors";
import { authFailure } from "./auth-failure";
import { signedOutCookie } from "./local/local-owner";
import { heldSessionClient, routeSessionClient } from "./session";
import { countSignInAttempt } from "./sign-in-attempts";

/**
 * Has Supabase Auth send a link for a new password. Doesn't tell whether the address has an account.
 * @throws AppError forbidden on the embedded Supabase, which sends no mail; rate_limited,
 *   backend_unavailable
 */
export async function requestPasswordReset(request: Request, email: string): Promise<{ ok: true }> {
  requireEmail();
  countSignInAttempt(email);
  const { error } = await routeSessionClient(request).auth.resetPasswordForEmail(email, {
    redirectTo: `${env().SIGNALBOX_URL}/sign-in/new-password`,
  });
  if (error && error.code !== "user_not_found") {
    throw authFailure(error, "bad_request", "Supabase Auth sends no e-mail to this address.");
  }
  return { ok: true };
}

/**
 * Signs the browser in by the link of a confirmation e-mail.
 * @throws AppError unauthorized for a link that is used, expired or from another browser
 */
export async function confirmEmail(request: Request, code: string): Promise<{ ok: true }> {
  const session = await sessionByCode(request, code);
  return enter(session);
}

/**
 * Sets a new password by the link of a reset e-mail, and signs the browser in. The link works once:
 * whoever has it without choosing a password that is accepted is not left signed in.
 * @throws AppError unauthorized as for a confirmation, bad_request (password refused)
 */
export async function setNewPassword(
  request: Request,
  { code, password }: { code: string; password: string },
): Promise<{ ok: true }> {
  const session = await sessionByCode(request, code);
  const { error } = await session.client.auth.updateUser({ password });
  if (!error) return enter(session);
  await session.client.auth.signOut({ scope: "local" });
  throw authFailure(
    error,
    "bad_request",
    error.code === "same_password"
      ? "This is your password already. Sign in with it."
      : "The password was not accepted. Ask for another link, and choose another password.",
  );
}

type HeldSession = ReturnType<typeof heldSessionClient>;

async function sessionByCode(request: Request, code: string): Promise<HeldSession> {
  requireEmail();
  countSignInAttempt();
  const session = heldSessionClient(request);
  const { error } = await session.client.auth.exchangeCodeForSession(code);
  if (!error) return session;
  throw authFailure(
    error,
    "unauthorized",
    "This link was already used, has expired, or was opened in another browser than the one that asked for it.",
  );
}

async function enter(session: HeldSession): Promise<{ ok: true }> {
  await session.keep();
  (await cookies()).delete(signedOutCookie);
  return { ok: true };
}

/** The embedded Supabase has no mail: its owner gets in by a one-time link. */
function requireEmail(): void {
  if (env().SIGNALBOX_OWNER_EMAIL === undefined) return;
  throw new AppError(
    "forbidden",
    "This dashboard sends no e-mail. Run “npx signalbox open” on the machine where it runs.",
  );
}
