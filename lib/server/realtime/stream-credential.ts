import { createHash } from "node:crypto";
import { authorise } from "../api-route";
import type { UserPrincipal } from "../auth/principal";
import { cookiesOf } from "../auth/request-cookies";
import { sessionClient } from "../auth/session";
import { verifyAccessToken } from "../auth/verify-access-token";
import { AppError } from "../errors";
import type { StreamCredential } from "./credential-watch.ts";

/** A session that runs out so soon is left to be renewed by the browser's next request. */
const renewMs = 100_000;

/** How the credential of an opened stream is checked while it stays open. */
export async function streamCredential(
  request: Request,
  principal: UserPrincipal,
): Promise<StreamCredential> {
  const sent = ["x-api-key", "authorization", "cookie"].map((name) => request.headers.get(name));
  const id = createHash("sha256").update(JSON.stringify(sent)).digest("base64url");
  if (principal.kind === "session") return { id, check: await sessionCheck(request) };
  return {
    id,
    async check() {
      try {
        const now = await authorise(request, "read");
        return now.kind !== "job_token" && now.userId === principal.userId ? "valid" : "revoked";
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (error.code === "unauthorized" || error.code === "forbidden") return "revoked";
        throw error;
      }
    },
  };
}

/**
 * Checks the access token that the cookie held, and never renews it: a renewal here would be lost,
 * and would take the browser's own session with it.
 */
async function sessionCheck(request: Request): Promise<StreamCredential["check"]> {
  const cookies = cookiesOf(request);
  const client = sessionClient({ getAll: () => cookies, setAll: () => undefined });
  const { session } = (await client.auth.getSession()).data;
  const token = session?.access_token ?? "";
  const expiresAt = (session?.expires_at ?? 0) * 1000;
  return async () => {
    if (Date.now() > expiresAt - renewMs) return "expired";
    return (await verifyAccessToken(token)) ? "valid" : "revoked";
  };
}
