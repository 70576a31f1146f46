import { readJwt, signJwt } from "./jwt.ts";

/** What a caller may send as `apikey`, and the secret of the services behind the gateway. */
export type GatewayKeys = { publishableKey: string; secretKey: string; jwtSecret: string };

/** How long the token lives that stands for a key in one request. */
const requestSeconds = 60;

/** A request as the services get it, or the gateway's own answer. */
type Passed = { request: Request } | { response: Response };

/** The token that stands for a key of the project; null for any other text. */
export function tokenOfKey(
  { publishableKey, secretKey, jwtSecret }: GatewayKeys,
  key: string,
  now: number,
  seconds: number,
): string | null {
  const role = key === secretKey ? "service_role" : key === publishableKey ? "anon" : undefined;
  if (!role) return null;
  const iat = Math.floor(now / 1000);
  return signJwt({ role, iss: "supabase", iat, exp: iat + seconds }, jwtSecret);
}

/**
 * Passes a request on as hosted Supabase's gateway does: a key becomes a short-lived token, and a key
 * where a token belongs is refused unless it repeats `apikey`, as supabase-js has it by default.
 */
export function passGateway(request: Request, keys: GatewayKeys): Passed {
  const key = request.headers.get("apikey") ?? new URL(request.url).searchParams.get("apikey");
  const bearer = /^Bearer\s+(.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (!key) return refuse("No API key found in request");
  const token = tokenOfKey(keys, key, Date.now(), requestSeconds);
  // The old keys are tokens themselves.
  if (!token && !readJwt(key, keys.jwtSecret)) return refuse("Invalid API key");
  if (bearer?.startsWith("sb_") && bearer !== key) return refuse("Invalid JWT");
  if (key === keys.secretKey && isBrowser(request)) {
    return refuse("Forbidden use of secret API key in browser");
  }
  const headers = new Headers(request.headers);
  headers.delete("apikey");
  if (!bearer || bearer.startsWith("sb_")) headers.set("authorization", `Bearer ${token ?? key}`);
  return { request: new Request(request, { headers }) };
}

function isBrowser(request: Request): boolean {
  return /mozilla/i.test(request.headers.get("user-agent") ?? "");
}

function refuse(message: string): { response: Response } {
  return { response: Response.json({ message }, { status: 401 }) };
}
