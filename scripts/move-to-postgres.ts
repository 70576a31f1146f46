// `npm run move-to-postgres`: moves the embedded database of this dashboard to PostgreSQL.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { moveToPostgres } from "../supabase/local/postgres/move-to-postgres.ts";
import { readSettings } from "./start/settings.ts";

async function main(): Promise<void> {
  const root = resolve(import.meta.dirname, "..");
  const envFile = resolve(root, ".env");
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const settings = readSettings(process.env);
  if (settings.SUPABASE_URL)
    throw new Error("This dashboard stores its data in a Supabase of its own.");
  process.umask(0o077);
  const dataDir = resolve(root, settings.SIGNALBOX_DATA_DIR);
  const kept = await moveToPostgres(dataDir, console.log);
  console.log(`From now on the dashboard uses PostgreSQL. Delete ${kept} once you are content.`);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
