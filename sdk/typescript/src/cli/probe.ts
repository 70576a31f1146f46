import type { SignalboxClient } from "../client.ts";
import { BadRequestError, ForbiddenError } from "../errors.ts";

export const scopes = ["read", "ingest", "control", "admin"] as const;
export type Scope = (typeof scopes)[number];

/** For each scope a request that changes nothing: with the scope, its empty body is refused. */
const probes: Record<Scope, { method: string; path: string; body?: object }> = {
  read: { method: "GET", path: "/api/training/jobs?limit=1" },
  ingest: { method: "POST", path: "/api/training/local/metrics", body: {} },
  control: { method: "POST", path: "/api/training/jobs/bulk", body: {} },
  admin: { method: "GET", path: "/api/settings/api-keys?limit=1" },
};

/**
 * What a client's key may do.
 * @throws UnauthorizedError for an invalid key, and any other error of the request
 */
export async function findScopes(client: SignalboxClient, signal: AbortSignal): Promise<Scope[]> {
  const found: Scope[] = [];
  for (const scope of scopes) {
    const { method, path, body } = probes[scope];
    try {
      await client.request(method, path, { signal, ...(body && { body }) });
    } catch (error) {
      if (error instanceof ForbiddenError) continue;
      if (!(body && error instanceof BadRequestError)) throw error;
    }
    found.push(scope);
  }
  return found;
}
