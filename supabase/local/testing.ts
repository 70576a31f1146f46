import { openProject, projectSettings } from "../hosted/project.ts";
import { type HostedSupabase, startHostedSupabase } from "../hosted/start.ts";
import type { Session } from "./database/database.ts";
import { openPglite } from "./database/pglite.ts";
import { openPostgres, openSession } from "./database/postgres.ts";
import { createSecrets } from "./keys.ts";
import type { Log } from "./log.ts";
import { startCluster } from "./postgres-cluster.ts";
import { type EmbeddedSupabase, serve, startEmbeddedSupabase } from "./start.ts";

export type Engine = "pglite" | "postgres" | "hosted";

/** Whether the tests are to use the project that the environment names, whatever engine they ask for. */
const isProject = process.env.SIGNALBOX_TEST_PROJECT === "1";

/** The engines on which what matters most is tested. */
export const engines: readonly Engine[] = isProject ? ["hosted"] : ["postgres", "pglite"];

export type TestUser = { userId: string; accessToken: string; email: string };

export type TestSupabase = EmbeddedSupabase & {
  /** Opens a further connection, to hold a transaction open beside others (not on `pglite`). */
  connect(): Session;
  /** Registers somebody and signs them in. */
  signUp(email: string): Promise<TestUser>;
  /** Hosted Realtime's limits and counts (`hosted` only). */
  realtime?: HostedSupabase["realtime"];
};

/**
 * Starts an empty Supabase with all migrations for one test file: in memory on PGlite, on a real
 * PostgreSQL in a temporary folder, or in the shape of a hosted project; or the one of a data folder.
 * Close it in `afterAll`.
 */
export async function startTestSupabase({
  engine = "pglite",
  log = () => undefined,
  dataDir,
}: {
  engine?: Engine;
  log?: Log;
  dataDir?: string | undefined;
} = {}): Promise<TestSupabase> {
  if (isProject) return openProject(projectSettings(process.env));
  if (engine === "hosted") {
    const supabase = await startHostedSupabase({ log });
    return { ...supabase, signUp: (email) => signUp(supabase, email) };
  }
  const secrets = await createSecrets();
  if (engine === "pglite" || dataDir !== undefined) {
    const supabase = dataDir
      ? await startEmbeddedSupabase({ dataDir, port: 0, log })
      : await serve(await openPglite(), secrets, 0, log);
    return {
      ...supabase,
      signUp: (email) => signUp(supabase, email),
      connect: () => {
        throw new Error("PGlite has one connection only; use the postgres engine.");
      },
    };
  }
  const cluster = await startCluster();
  const sessions: Session[] = [];
  try {
    const supabase = await serve(openPostgres(cluster), secrets, 0, log);
    return {
      ...supabase,
      signUp: (email) => signUp(supabase, email),
      connect: () => {
        const session = openSession(cluster);
        sessions.push(session);
        return session;
      },
      close: async () => {
        await Promise.all(sessions.map((session) => session.close()));
        await supabase.close();
        await cluster.stop();
      },
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Registers somebody and signs them in. */
export async function signUp(supabase: EmbeddedSupabase, email: string): Promise<TestUser> {
  const response = await fetch(`${supabase.url}/auth/v1/signup`, {
    method: "POST",
    headers: { "Content-Type": "application/json", apikey: supabase.publishableKey },
    body: JSON.stringify({ email, password: "correct horse battery" }),
  });
  const body: unknown = await response.json();
  if (!isSession(body)) throw new Error(`Sign-up of ${email} failed: ${JSON.stringify(body)}`);
  return { userId: body.user.id, accessToken: body.access_token, email };
}

function isSession(body: unknown): body is { access_token: string; user: { id: string } } {
  return typeof body === "object" && body !== null && "access_token" in body && "user" in body;
}
