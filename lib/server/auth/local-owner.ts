import type { SupabaseClient } from "@supabase/supabase-js";
import { env } from "../env";

/** Set on sign-out, so that the next page does not sign the owner in again. */
export const signedOutCookie = "signalbox-signed-out";

const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;
const loopbackAddress = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

/**
 * Whether a request may be signed in as the local owner: the setting is on, the Host header is this
 * machine (DNS rebinding cannot fake that), and no proxy header names another client.
 */
export function isLocalBrowser(headers: Headers): boolean {
  if (env().SIGNALBOX_AUTO_SIGN_IN !== "1" || !env().SIGNALBOX_OWNER_EMAIL) return false;
  if (!loopbackHost.test(headers.get("host") ?? "")) return false;
  const forwarded = headers.get("x-forwarded-for")?.split(",") ?? [];
  return (
    !headers.has("forwarded") &&
    !headers.has("x-real-ip") &&
    forwarded.every((address) => loopbackAddress.test(address.trim())) &&
    loopbackHost.test(headers.get("x-forwarded-host") ?? "localhost")
  );
}

/** Signs the client in as the local owner; false if that failed. */
export async function signInLocalOwner(client: SupabaseClient): Promise<boolean> {
  const { SIGNALBOX_OWNER_EMAIL: email, SIGNALBOX_OWNER_PASSWORD: password } = env();
  if (!email || !password) return false;
  const { error } = await client.auth.signInWithPassword({ email, password });
  if (error) console.error("The local owner could not be signed in:", error.message);
  return !error;
}
