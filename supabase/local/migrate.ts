import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "./database/database.ts";
import type { Log } from "./log.ts";
import { StartError } from "./start-error.ts";

type Migration = { version: string; name: string; file: string; sql: string };

const migrationsFolder = join(import.meta.dirname, "../migrations");
const bootstrapFile = join(import.meta.dirname, "bootstrap.sql");

/** Adds what hosted Supabase comes with: roles, default grants, `realtime.send`. */
export async function bootstrap(database: Database): Promise<void> {
  const sql = await readFile(bootstrapFile, "utf8");
  await database.transaction((tx) => tx.script(sql));
}

/**
 * Applies the pending migrations in the order of their version, each with its record in one
 * transaction. Returns how many were applied.
 */
export async function migrate(
  database: Database,
  log: Log,
  folder: string = migrationsFolder,
): Promise<number> {
  await database.transaction((tx) =>
    tx.script(`
      create schema if not exists supabase_migrations;
      create table if not exists supabase_migrations.schema_migrations
        (version text not null primary key, statements text[], name text);
    `),
  );
  const rows = await database.query<{ version: string; sql: string | null }>(
    "select version, statements[1] as sql from supabase_migrations.schema_migrations",
  );
  const applied = new Map(rows.map(({ version, sql }) => [version, sql]));

  let count = 0;
  for (const migration of await readMigrations(folder)) {
    const before = applied.get(migration.version);
    if (before === undefined) {
      await apply(database, migration);
      count += 1;
    } else if (before !== migration.sql) {
      log(
        `The migration ${migration.file} changed after it was applied; the change has no effect.`,
      );
    }
  }
  return count;
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith(".sql"));
  const migrations = await Promise.all(
    files.sort().map(async (file): Promise<Migration | undefined> => {
      const match = /^(\d+)_(.*)\.sql$/.exec(file);
      if (!match) return undefined;
      const [, version = "", name = ""] = match;
      return { version, name, file, sql: await readFile(join(folder, file), "utf8") };
    }),
  );
  return migrations.filter((migration) => migration !== undefined);
}

async function apply(database: Database, { version, name, file, sql }: Migration): Promise<void> {
  try {
    await database.transaction(async (tx) => {
      await tx.script(sql);
      await tx.query(
        "insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)",
        [version, name, [sql]],
      );
    });
  } catch (error) {
    throw new StartError(`The migration ${file} failed: ${reasonOf(error, sql)}`);
  }
}

/** The database's message, with the migration's line if the error has a position. */
function reasonOf(error: unknown, sql: string): string {
  if (!(error instanceof Error)) return String(error);
  const position = "position" in error ? Number(error.position) : Number.NaN;
  const where = position > 0 ? ` (line ${sql.slice(0, position).split("\n").length})` : "";
  const detail = "detail" in error && error.detail ? ` ${String(error.detail)}` : "";
  return `${error.message}${where}.${detail}`;
}
