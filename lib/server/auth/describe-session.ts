import type { SessionReply } from "@signalbox/protocol/service/auth";
import { env } from "../env";
import { isAdministrator } from "./administrators";
import { isOwnersBrowser } from "./local/local-owner";
import { sessionAccessToken } from "./session";
import { verifyAccessToken } from "./verify-access-token";

/** Who the browser is signed in as, and what the sign-in page may offer. */
export async function describeSession(request: Request): Promise<SessionReply> {
  const token = await sessionAccessToken(request);
  const user = token ? await verifyAccessToken(token) : null;
  return {
    user,
    local_owner: user !== null && user.email === env().SIGNALBOX_OWNER_EMAIL,
    administrator: user !== null && (await isAdministrator(user.id)),
    auto_sign_in: user === null && (await isOwnersBrowser()),
    sign_in_link: env().SIGNALBOX_OWNER_EMAIL !== undefined,
    password_reset: env().SIGNALBOX_OWNER_EMAIL === undefined,
    sign_up: env().SIGNALBOX_ALLOW_SIGN_UP === "1",
  };
}
