import { join } from "node:path";
import { type BackupPlan, startDailyBackups } from "./backup/daily-backups.ts";
import { makeBackup } from "./backup/make-backup.ts";
import { requireWhole } from "./backup/restore-backup.ts";
import { serveBackup } from "./backup/serve-backup.ts";
import { lockDataFolder } from "./data-lock.ts";
import type { Database, Query } from "./database/database.ts";
import { openPglite } from "./database/pglite.ts";
import type { DiskGuard } from "./disk/disk-guard.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { createHttpServer, listen } from "./http.ts";
import { createSecrets, ensurePrivateFolder, loadSecrets, type Secrets } from "./keys.ts";
import { createLiteApp } from "./lite-app.ts";
import type { Log } from "./log.ts";
import { appliedSchema, bootstrap, migrate, requireKnown } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";
import { type Engine, engineOf } from "./postgres/engine.ts";
import { withQueueStats } from "./queue-stats.ts";
import { attachRealtime } from "./realtime/server.ts";
import { checkSchemaFile, writeSchemaFile } from "./schema-file.ts";
import { StartError } from "./start-error.ts";

export type EmbeddedSupabase = {
  /** The URL for `createClient`. */
  url: string;
  publishableKey: string;
  secretKey: string;
  /** Runs one statement as the database owner, bypassing row-level security. */
  sql: Query;
  /** Disconnects clients, writes a checkpoint and closes the database. */
  close(): Promise<void>;
  /** Writes a backup of the whole data folder to a file, and reads it back. Not of a database in memory. */
  backUp(file: string): Promise<void>;
};

/** A data folder with its backups. */
type Folder = { dataDir: string; plan: BackupPlan };

type Options = {
  /** 0 = any free port. */
  port: number;
  log?: Log;
} & (FolderOptions | { inMemory: true });

type FolderOptions = {
  dataDir: string;
  guard?: DiskGuard;
  backups?: Partial<BackupPlan>;
  /** The database of a new folder; one that has another is refused. */
  database?: Engine | undefined;
  /** Whether PGlite waits for the disk, as PostgreSQL always does. */
  sync?: boolean;
};

/** Starts REST, Auth and Realtime on an embedded PostgreSQL, on 127.0.0.1. */
export async function startEmbeddedSupabase(options: Options): Promise<EmbeddedSupabase> {
  const log = options.log ?? (() => undefined);
  if (!("dataDir" in options)) {
    return serve(await openPglite(), await createSecrets(), options.port, log);
  }
  const { dataDir, guard } = options;
  const plan = { folder: join(dataDir, "backups"), daily: 0, weekly: 0, ...options.backups };
  await ensurePrivateFolder(dataDir);
  const unlock = lockDataFolder(dataDir);
  try {
    guard?.requireRoom();
    await requireWhole(dataDir);
    await checkSchemaFile(dataDir);
    const secrets = await loadSecrets(dataDir);
    const engine = await engineOf(dataDir, options.database);
    const database = await openDatabase(dataDir, engine, { sync: options.sync ?? false, guard });
    const supabase = await serve(database, secrets, options.port, log, { dataDir, plan });
    await writeSchemaFile(dataDir);
    return {
      ...supabase,
      close: async () => {
        await supabase.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Starts the servers on an open database; closes the database if that fails. */
export async function serve(
  database: Database,
  secrets: Secrets,
  port: number,
  log: Log,
  folder: Folder | null = null,
): Promise<EmbeddedSupabase> {
  const backUp = async (file: string) => {
    if (!folder) throw new Error("A database in memory has no data folder.");
    await makeBackup({ dataDir: folder.dataDir, database }, file);
  };
  try {
    await requireKnown(await appliedSchema(database));
    await bootstrap(database);
    const handle = withQueueStats(await createLiteApp(database, secrets, log), database, secrets);
    const count = await migrate(database);
    if (database.lostTail()) await startNewGenerations(database, log);
    if (count > 0) log(`Applied ${count} database migration${count === 1 ? "" : "s"}.`);

    const { secretKey } = secrets;
    const backup = folder && serveBackup({ secretKey, folder: folder.plan.folder, log }, backUp);
    const http = createHttpServer(handle, () => database.query("select 1"), log, backup);
    const realtime = attachRealtime(http, secrets, log);
    await database.listen("realtime", realtime.broadcast);
    const boundPort = await listen(http, port).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "EADDRINUSE"
        ? new StartError(
            `Port ${port} is already in use. Set SIGNALBOX_SUPABASE_PORT to another port, or to 0 for any free port.`,
          )
        : error;
    });
    const stopHousekeeping = startHousekeeping(database, log);
    const stopBackups = folder ? startDailyBackups(folder.plan, backUp, log) : () => undefined;
    return {
      url: `http://127.0.0.1:${boundPort}`,
      publishableKey: secrets.publishableKey,
      secretKey,
      sql: database.query,
      backUp,
      close: async () => {
        stopHousekeeping();
        stopBackups();
        realtime.close();
        http.close();
        http.closeIdleConnections();
        await database.close();
        http.closeAllConnections();
      },
    };
  } catch (error) {
    await database.close().catch(() => undefined);
    throw error;
  }
}

/**
 * After a loss of committed rows their numbers are given again, to other rows. A new generation makes
 * every viewer begin anew instead of skipping those.
 */
async function startNewGenerations(database: Database, log: Log): Promise<void> {
  await database.query("update public.jobs set generation = signalbox.new_generation()");
  database.forgetLoss();
  log(
    "The database's log has lost its end, and with it the newest rows. Every run has a new generation.",
  );
}
