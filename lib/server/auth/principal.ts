import type { ApiKeyScope } from "@signalbox/protocol/data/read";

/** A caller that acts for a user: a browser's session, an access token or an API key. */
export interface UserPrincipal {
  kind: "session" | "access_token" | "api_key";
  userId: string;
  scopes: ReadonlySet<ApiKeyScope>;
  /** The name in activity logs: an email address, or the key's name. */
  label: string;
  /** Equal for the same key or session. */
  credentialId: string;
  /** Checks the credential again: for long-lived responses, such as streams. */
  recheck(): Promise<boolean>;
}

/** A trainer with the token of one job. */
export interface JobPrincipal {
  kind: "job_token";
  /** The job's owner. */
  userId: string;
  tokenHash: string;
}

export type Principal = UserPrincipal | JobPrincipal;

export const allScopes: ReadonlySet<ApiKeyScope> = new Set(["read", "ingest", "control", "admin"]);

/** The argument by which the ingest SQL functions check access to the job. */
export function ingestAuth(principal: Principal): { token_hash: string } | { user_id: string } {
  return principal.kind === "job_token"
    ? { token_hash: principal.tokenHash }
    : { user_id: principal.userId };
}
