import type { UserPrincipal } from "../../auth/principal";
import type { StreamCredential } from "./credential-watch.ts";

/**
 * How the credential of an opened stream is checked while it stays open. A token that is no longer
 * good has mostly just run out: its client comes again with a fresh one, or is turned away then.
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
