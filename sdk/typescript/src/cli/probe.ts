import type { SignalboxClient } from "../client.ts";
import { BadRequestError, ForbiddenError } from "../errors.ts";

export const scopes = ["read", "ingest", "control", "admin"] as const;
export type Scope = (typeof scopes)[number];

/** For each scope a request that changes nothing: a body that is refused once the scope is there. */
const questions: Record<Scope, { method: string; path: string; body?: object }> = {
  read: { method: "GET", path: "/api/training/jobs?limit=1" },
  ingest: { method: "POST", path: "/api/training/local/metrics", body: {} },
  control: { method: "POST", path: "/api/training/jobs/bulk", body: {} },
  admin: { method: "GET", path: "/api/settings/api-keys?limit=1" },
};

/**
 * What a client's key may do.
 * @throws UnauthorizedError where it is not good, and whatever else stands in the way
 */
export async function findScopes(client: SignalboxClient, signal: AbortSignal): Promise<Scope[]> {
  const found: Scope[] = [];
  for (const scope of scopes) {
    const { method, path, body } = questions[scope];
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
