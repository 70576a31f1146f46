import { AppError } from "../errors";
import { asUser } from "../fairness/acting-user";
import { processSingleton } from "../process-singleton";
import { callRpc } from "../rpc/call-rpc";
import type { RpcReply } from "../rpc/rpc-replies";
import { SharedReads } from "../shared-reads";
import { allScopes, type JobPrincipal, type Principal, type UserPrincipal } from "./principal";
import { isWellFormedApiKey, secretHash } from "./secrets";
import { sessionAccessToken } from "./session";
import { tokenId, verifyAccessToken } from "./verify-access-token";

type ApiKeyRow = RpcReply<"authenticate_api_key">;

/**
 * Authenticates a request: `X-API-Key`, `Authorization: Bearer` (API key, job token or Supabase access
 * token) or the session cookie, in this order.
 * @throws AppError unauthorized without a valid credential
 */
export async function authenticate(request: Request): Promise<Principal> {
  const key = request.headers.get("x-api-key");
  const token = key ?? bearer(request);
  if (token === null) {
    const cookie = await sessionAccessToken(request);
    if (cookie === null) throw unauthorized();
    return authenticateAccessToken(cookie, "session");
  }
  if (token.startsWith("sbj_") && key === null) return authenticateJobToken(token);
  if (token.startsWith("sbx_")) return authenticateApiKey(token);
  if (key !== null) throw unauthorized();
  return authenticateAccessToken(token, "access_token");
}

async function authenticateAccessToken(
  token: string,
  kind: "session" | "access_token",
): Promise<UserPrincipal> {
  const user = await verifyAccessToken(token);
  if (!user) throw unauthorized();
  return {
    kind,
    userId: user.id,
    scopes: allScopes,
    label: user.email,
    credentialId: tokenId(token),
    recheck: async () => (await verifyAccessToken(token)) !== null,
  };
}

async function authenticateApiKey(key: string): Promise<UserPrincipal> {
  if (!isWellFormedApiKey(key)) throw unauthorized();
  const hash = secretHash(key);
  const reads = processSingleton("api-key-reads", () => new SharedReads<ApiKeyRow>());
  const owners = processSingleton("api-key-owners", () => new Map<string, string>());
  // Whoever tries keys that do not exist waits among their like.
  const lookup = () =>
    asUser(owners.get(hash) ?? "unknown", () =>
      reads.read(hash, () => callRpc("authenticate_api_key", { p_key_hash: hash })),
    );
  const row = await lookup();
  if (!row) throw unauthorized();
  if (owners.size > 5000) owners.clear();
  owners.set(hash, row.user_id);
  return {
    kind: "api_key",
    userId: row.user_id,
    scopes: new Set(row.scopes),
    label: `API key “${row.name}”`,
    credentialId: row.id,
    recheck: async () => (await lookup()) !== null,
  };
}

const tokenCacheMs = 10_000;

interface KnownOwner {
  userId: string;
  until: number;
}

/**
 * Rejects an unknown token before the body is read. A known one is looked up only every 10 s: each
 * ingest function checks it again, in the transaction that stores.
 */
async function authenticateJobToken(token: string): Promise<JobPrincipal> {
  const tokenHash = secretHash(token);
  const owners = processSingleton("job-token-owners", () => new Map<string, KnownOwner>());
  const now = performance.now();
  const known = owners.get(tokenHash);
  if (known && known.until >= now) return { kind: "job_token", tokenHash, userId: known.userId };
  const userId = await asUser(known?.userId ?? "unknown", () =>
    callRpc("job_token_owner", { p_token_hash: tokenHash }),
  );
  if (userId === null) throw unauthorized();
  if (owners.size > 5000) owners.clear();
  owners.set(tokenHash, { userId, until: now + tokenCacheMs });
  return { kind: "job_token", tokenHash, userId };
}

function bearer(request: Request): string | null {
  const header = request.headers.get("authorization");
  if (header === null) return null;
  const match = /^Bearer\s+(\S+)$/i.exec(header);
  if (!match?.[1]) throw unauthorized();
  return match[1];
}

/** Whether a request has a credential that no browser sends by itself. */
export function hasProgramCredential({ headers }: Request): boolean {
  return headers.has("x-api-key") || headers.has("authorization");
}

export function unauthorized(): AppError {
  return new AppError("unauthorized", "Sign in, or send a valid API key or token.", {
    headers: { "WWW-Authenticate": "Bearer" },
  });
}
