import { randomBytes } from "node:crypto";
import type { Session } from "../local/database/database.ts";
import { openPostgres, openSession } from "../local/database/postgres.ts";
import { createHttpServer, listen } from "../local/http.ts";
import { createSecrets } from "../local/keys.ts";
import type { Log } from "../local/log.ts";
import { migrate } from "../local/migrate.ts";
import type { EmbeddedSupabase } from "../local/start.ts";
import { startHostedDatabase } from "./database.ts";
import { passGateway, tokenOfKey } from "./gateway.ts";
import { attachHostedRealtime, type HostedRealtime } from "./realtime/service.ts";
import { createAuth, createRest } from "./services.ts";

/** A throw-away Supabase in the shape of a hosted project. `sql` runs as `postgres`, no superuser. */
export type HostedSupabase = EmbeddedSupabase & {
  /** For tools that connect to the database as `postgres`. */
  databaseUrl: string;
  realtime: HostedRealtime;
  /** Opens a further connection as `postgres`, or as another role. */
  connect(role?: string): Session;
};

/** Backups are the platform's. */
export const noBackup = () =>
  Promise.reject(new Error("A hosted project is backed up with pg_dump."));

/** Starts the database, applies the migrations as `postgres`, then starts the services. */
export async function startHostedSupabase({
  port = 0,
  log = () => undefined,
}: {
  port?: number;
  log?: Log;
} = {}): Promise<HostedSupabase> {
  const cluster = await startHostedDatabase();
  const closing: (() => unknown)[] = [cluster.stop];
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  const open = (user: string) => {
    const database = openPostgres({ ...cluster, user });
    closing.push(database.close);
    return database;
  };
  try {
    const jwtSecret = randomBytes(32).toString("base64url");
    const keys = { ...(await createSecrets()), jwtSecret };
    const owner = open("postgres");
    await migrate(owner);
    const askAuth = await createAuth({ database: open("supabase_auth_admin"), jwtSecret, log });
    const rest = { database: open("authenticator"), jwtSecret, log };
    const askRest = await createRest(rest, open("supabase_admin"));
    const http = createHttpServer(
      async (request) => {
        const passed = passGateway(request, keys);
        if ("response" in passed) return passed.response;
        const isAuth = new URL(request.url).pathname.startsWith("/auth/v1/");
        return (isAuth ? askAuth : askRest)(passed.request);
      },
      () => owner.query("select 1"),
      log,
    );
    const realtime = await attachHostedRealtime(http, {
      cluster,
      jwtSecret,
      tokenOfKey: (key, now, seconds) => tokenOfKey(keys, key, now, seconds),
    });
    closing.push(realtime.close);
    const boundPort = await listen(http, port);
    closing.push(() => {
      http.close();
      http.closeAllConnections();
    });
    return {
      url: `http://127.0.0.1:${boundPort}`,
      publishableKey: keys.publishableKey,
      secretKey: keys.secretKey,
      databaseUrl: cluster.url,
      sql: owner.query,
      backUp: noBackup,
      realtime,
      connect: (user = "postgres") => {
        const session = openSession({ ...cluster, user });
        closing.push(session.close);
        return session;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
