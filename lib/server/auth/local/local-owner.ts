import type { SupabaseClient, User } from "@supabase/supabase-js";
import { connections } from "../../../../web/connection.ts";
import { env } from "../../env";
import { AppError } from "../../errors";
import type { UserPrincipal } from "../principal";
import { sessionClient } from "../session";
import { isBrowser } from "./browsers";
import { socketOwner } from "./socket-owner";

/** Set on sign-out, so that the next page does not sign the owner in again. */
export const signedOutCookie = "signalbox-signed-out";

const loopbackAddress = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

/** Whether the setting allows automatic sign-in at all. */
function autoSignInAllowed(): boolean {
  return env().SIGNALBOX_AUTO_SIGN_IN === "1" && env().SIGNALBOX_OWNER_EMAIL !== undefined;
}

/**
 * Whether the current request comes from a browser of the person who started this dashboard: a
 * connection within this machine whose other end is a browser of the same operating-system user.
 * A proxy, an SSH tunnel or a container has the address of this machine too, but is no browser.
 */
export async function isOwnersBrowser(): Promise<boolean> {
  const connection = connections.getStore();
  if (!autoSignInAllowed() || !connection || connection.forwarded) return false;
  if (!loopbackAddress.test(connection.socket.remoteAddress ?? "")) return false;
  const owner = await socketOwner(connection.socket).catch(() => null);
  return (
    owner !== null &&
    owner.uid === process.getuid?.() &&
    owner.programs.length > 0 &&
    owner.programs.every(isBrowser)
  );
}

/** Signs the client in as the local owner; null if there is none, or it failed. */
export async function signInLocalOwner(client: SupabaseClient): Promise<User | null> {
  const { SIGNALBOX_OWNER_EMAIL: email, SIGNALBOX_OWNER_PASSWORD: password } = env();
  if (!email || !password) return null;
  const { data, error } = await client.auth.signInWithPassword({ email, password });
  if (error) console.error("The local owner could not be signed in:", error.message);
  return data.user;
}

/** @throws AppError forbidden unless the caller is the local owner */
export async function requireLocalOwner(principal: UserPrincipal, doing: string): Promise<void> {
  const owner = await signInLocalOwner(sessionClient({ getAll: () => [], setAll: () => {} }));
  if (owner && principal.userId === owner.id) return;
  throw new AppError("forbidden", `Only the local owner of this dashboard can ${doing}.`);
}
