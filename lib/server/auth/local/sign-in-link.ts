import type { SignInLinkReply } from "@signalbox/protocol/service/auth";
import { cookies } from "next/headers";
import { env } from "../../env";
import { AppError } from "../../errors";
import { callRpc } from "../../rpc/call-rpc";
import type { UserPrincipal } from "../principal";
import { newLinkToken, secretHash } from "../secrets";
import { routeSessionClient } from "../session";
import { countSignInAttempt } from "../sign-in-attempts";
import { requireLocalOwner, signedOutCookie, signInLocalOwner } from "./local-owner";

/**
 * Makes a link that signs one browser in as the local owner. The token is in the fragment, which no
 * server or proxy sees in a log.
 * @throws AppError forbidden unless the caller is the local owner
 */
export async function createSignInLink(
  principal: UserPrincipal,
  seconds: number,
): Promise<SignInLinkReply> {
  await requireLocalOwner(principal, "make sign-in links");
  const token = newLinkToken();
  const { expires_at } = await callRpc("create_sign_in_link", {
    p_user_id: principal.userId,
    p_token_hash: secretHash(token),
    p_seconds: seconds,
  });
  return { url: `${env().SIGNALBOX_URL}/sign-in/link#${token}`, expires_at };
}

/**
 * Signs the browser in as the local owner, once for each link.
 * @throws AppError unauthorized for a link that is unknown, used or expired; rate_limited
 */
export async function useSignInLink(request: Request, token: string): Promise<{ ok: true }> {
  countSignInAttempt();
  const link = await callRpc("use_sign_in_link", { p_token_hash: secretHash(token) });
  const owner = link && (await signInLocalOwner(routeSessionClient(request)));
  if (!owner || owner.id !== link.user_id) {
    throw new AppError("unauthorized", "This sign-in link was already used, or has expired.");
  }
  (await cookies()).delete(signedOutCookie);
  return { ok: true };
}
