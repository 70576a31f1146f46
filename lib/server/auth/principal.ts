import type { ApiKeyScope } from "@signalbox/protocol/read";

/** Somebody who acts for a user: a browser's session, an access token or an API key. */
export interface UserPrincipal {
  kind: "session" | "access_token" | "api_key";
  userId: string;
  scopes: ReadonlySet<ApiKeyScope>;
  /** How the activity of this principal is signed: an e-mail address, or the key's name. */
  label: string;
  /** Equal for the same key or session. */
  credentialId: string;
  /** Asks again whether the credential is good: for answers that last, such as streams. */
  recheck(): Promise<boolean>;
}

/** A trainer with the token of one job. */
export interface JobPrincipal {
  kind: "job_token";
  tokenHash: string;
}

export type Principal = UserPrincipal | JobPrincipal;

export const allScopes: ReadonlySet<ApiKeyScope> = new Set(["read", "ingest", "control", "admin"]);

/** What the SQL functions of ingest take to find out whose job it may be. */
export function ingestAuth(principal: Principal): { token_hash: string } | { user_id: string } {
  return principal.kind === "job_token"
    ? { token_hash: principal.tokenHash }
    : { user_id: principal.userId };
}
