import type { UserPrincipal } from "../../auth/principal";
import type { StreamCredential } from "./credential-watch.ts";

/**
 * How an open stream's credential is checked. A session token that is no longer valid has usually
 * just expired: the client reconnects with a fresh one, or is refused then.
 */
export function streamCredential(principal: UserPrincipal): StreamCredential {
  return {
    id: principal.credentialId,
    async check() {
      if (await principal.recheck()) return "valid";
      return principal.kind === "api_key" ? "revoked" : "expired";
    },
  };
}
