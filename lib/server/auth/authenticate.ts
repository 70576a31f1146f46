import { z } from "zod";
import { apiKeyScopeSchema } from "@/lib/contracts/read";
import { AppError } from "../errors";
import { processSingleton } from "../process-singleton";
import { callRpc } from "../supabase";
import { allScopes, type Principal } from "./principal";
import { cookiesOf } from "./request-cookies";
import { looksLikeApiKey, secretHash } from "./secrets";
import { sessionClient, verifyAccessToken } from "./session";

const apiKeyRowSchema = z.object({
  id: z.string(),
  user_id: z.string(),
  name: z.string(),
  scopes: z.array(apiKeyScopeSchema),
});

/**
 * Who sends a request: `X-API-Key`, `Authorization: Bearer` (API key, job token or Supabase access
 * token) or the session cookie, in this order.
 * @throws AppError unauthorized when there is no credential or it is not good
 */
export async function authenticate(request: Request): Promise<Principal> {
  const header = request.headers.get("x-api-key") ?? bearer(request);
  if (header === null) return authenticateCookie(request);
  if (header.startsWith("sbj_")) return authenticateJobToken(header);
  if (header.startsWith("sbx_")) return authenticateApiKey(header);
  const user = request.headers.has("x-api-key") ? null : await verifyAccessToken(header);
  if (!user) throw unauthorized();
  return { kind: "access_token", userId: user.id, scopes: allScopes, label: user.email };
}

const knownTokenFor = 10_000;

/**
 * Turns an unknown token away before its body is read. A known one is looked up again only every
 * 10 s here: each ingest function checks it anyway, in the transaction that stores.
 */
async function authenticateJobToken(token: string): Promise<Principal> {
  const tokenHash = secretHash(token);
  const known = processSingleton("known-job-tokens", () => new Map<string, number>());
  const now = Date.now();
  if ((known.get(tokenHash) ?? 0) < now) {
    if (!(await callRpc("job_token_valid", { p_token_hash: tokenHash }))) throw unauthorized();
    if (known.size > 5000) known.clear();
    known.set(tokenHash, now + knownTokenFor);
  }
  return { kind: "job_token", tokenHash };
}

async function authenticateApiKey(key: string): Promise<Principal> {
  const row = looksLikeApiKey(key)
    ? await callRpc("authenticate_api_key", { p_key_hash: secretHash(key) })
    : null;
  if (!row) throw unauthorized();
  const parsed = apiKeyRowSchema.parse(row);
  return {
    kind: "api_key",
    userId: parsed.user_id,
    scopes: new Set(parsed.scopes),
    label: `API key “${parsed.name}”`,
  };
}

async function authenticateCookie(request: Request): Promise<Principal> {
  const cookies = cookiesOf(request);
  if (cookies.length === 0) throw unauthorized();
  // Only pages renew a session (proxy.ts): two requests that renew at once would undo each other.
  const client = sessionClient({ getAll: () => cookies, setAll: () => undefined });
  const { data } = await client.auth.getSession();
  const token = data.session?.access_token;
  const user = token ? await verifyAccessToken(token) : null;
  if (!user) throw unauthorized();
  return { kind: "session", userId: user.id, scopes: allScopes, label: user.email };
}

function bearer(request: Request): string | null {
  const header = request.headers.get("authorization");
  if (header === null) return null;
  const match = /^Bearer\s+(\S+)$/i.exec(header);
  if (!match?.[1]) throw unauthorized();
  return match[1];
}

function unauthorized(): AppError {
  return new AppError("unauthorized", "Sign in, or send a valid API key or token.", {
    headers: { "WWW-Authenticate": "Bearer" },
  });
}
