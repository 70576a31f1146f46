import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { lockDataFolder } from "../data-lock.ts";
import type { Database } from "../database/database.ts";
import { openPglite } from "../database/pglite.ts";
import { openPostgres } from "../database/postgres.ts";
import { loadSecrets } from "../keys.ts";
import { createLiteApp } from "../lite-app.ts";
import type { Log } from "../log.ts";
import { bootstrap, migrate } from "../migrate.ts";
import { checkSchemaFile } from "../schema-file.ts";
import { StartError } from "../start-error.ts";
import { copyRows } from "./copy-rows.ts";
import { hasDatabase } from "./engine.ts";
import { startPostgres } from "./server.ts";

/** Where the embedded database is kept after the move. */
const keptName = "database-before-postgres";

/**
 * Moves the database of a data folder that no dashboard uses from PGlite to PostgreSQL, and compares every row.
 * The old database is kept until somebody deletes it.
 * @returns where it is kept
 * @throws StartError in words for the terminal
 */
export async function moveToPostgres(dataDir: string, log: Log): Promise<string> {
  const unlock = lockDataFolder(dataDir);
  const from = join(dataDir, "database");
  const to = join(dataDir, "postgres");
  const unfinished = join(dataDir, "postgres.moving");
  try {
    if (await hasDatabase(to)) throw new StartError(`${dataDir} is on PostgreSQL already.`);
    if (!(await hasDatabase(from))) {
      throw new StartError(
        `${dataDir} has no database. Start the dashboard with SIGNALBOX_DATABASE=postgres.`,
      );
    }
    await checkSchemaFile(dataDir);
    await rm(unfinished, { recursive: true, force: true });
    const secrets = await loadSecrets(dataDir);
    const source = await openPglite(from);
    try {
      const server = await startPostgres(unfinished);
      try {
        const target = openPostgres(server);
        try {
          await prepare(source, secrets, log);
          await prepare(target, secrets, log);
          await copyRows(source, target, log);
        } finally {
          await target.close();
        }
      } finally {
        await server.stop();
      }
    } finally {
      await source.close();
    }
    const kept = join(dataDir, keptName);
    await rename(from, kept);
    await rename(unfinished, to);
    return kept;
  } finally {
    unlock();
  }
}

/** Both sides get this version's tables. */
async function prepare(
  database: Database,
  secrets: Parameters<typeof createLiteApp>[1],
  log: Log,
): Promise<void> {
  await bootstrap(database);
  await createLiteApp(database, secrets, log);
  await migrate(database);
}
