// `npm run restore -- FILE [--replace]`: restores a backup into the data folder of this dashboard.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { requireNoBackend } from "../backend/data-lock.ts";
import { restoreBackup } from "../supabase/local/backup/restore-backup.ts";
import { readSettings } from "./start/settings.ts";

async function main(): Promise<void> {
  const root = resolve(import.meta.dirname, "..");
  const envFile = resolve(root, ".env");
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const settings = readSettings(process.env);
  if (settings.SUPABASE_URL) {
    throw new Error(
      "This dashboard stores its data in a Supabase of its own: restore that with pg_restore.",
    );
  }
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { replace: { type: "boolean", default: false } },
  });
  const [file, ...more] = positionals;
  if (!file || more.length > 0) throw new Error("Usage: npm run restore -- FILE [--replace]");
  process.umask(0o077);
  const dataDir = resolve(root, settings.SIGNALBOX_DATA_DIR);
  requireNoBackend(dataDir);
  const { manifest, replaced } = await restoreBackup(dataDir, from(file), values);
  console.log(`Restored ${dataDir} as it was on ${manifest.created_at}.`);
  if (replaced) console.log(`What was there before: ${replaced}`);
}

/** A path as it was typed: npm changes to the folder of the project. */
function from(path: string): string {
  return resolve(process.env.INIT_CWD ?? ".", path);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
