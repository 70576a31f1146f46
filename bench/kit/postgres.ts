import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Dashboard } from "../../e2e/kit/dashboard.ts";
import type { PostgresSupabase } from "./postgres-process.ts";

const postgresProcess = fileURLToPath(new URL("./postgres-process.ts", import.meta.url));

/** Runs `use` with a dashboard on a real PostgreSQL in a temporary folder, without fsync. */
export async function onPostgres(
  use: (dashboard: Dashboard, supabase: PostgresSupabase) => Promise<void>,
): Promise<void> {
  const server = fork(postgresProcess, { env: { ...process.env, NODE_OPTIONS: "" } });
  const [supabase] = (await once(server, "message")) as [PostgresSupabase];
  const dashboard = await Dashboard.create({
    SUPABASE_URL: supabase.url,
    SUPABASE_PUBLISHABLE_KEY: supabase.publishableKey,
    SUPABASE_SECRET_KEY: supabase.secretKey,
    SIGNALBOX_SECRET: "a secret of this test alone",
  });
  try {
    await dashboard.start();
    await use(dashboard, supabase);
  } finally {
    await dashboard.remove();
    const exited = once(server, "exit");
    server.disconnect();
    await exited;
  }
}
