import type { Database } from "./database/database.ts";
import type { Handler } from "./handler.ts";
import type { Secrets } from "./keys.ts";

const path = "/queue/v1/stats";

/**
 * Adds `GET /queue/v1/stats`: what waits for the database and how long it waited, for the holder of the
 * secret key.
 */
export function withQueueStats(handle: Handler, database: Database, secrets: Secrets): Handler {
  return async (request) => {
    if (!new URL(request.url).pathname.startsWith("/queue/")) return handle(request);
    if (request.headers.get("apikey") !== secrets.secretKey) return failure(401, "Unauthorized");
    const stats = database.stats();
    if (!request.url.endsWith(path) || !stats) return failure(404, "Not found");
    return Response.json(stats);
  };
}

function failure(status: number, message: string): Response {
  return Response.json({ message }, { status });
}
