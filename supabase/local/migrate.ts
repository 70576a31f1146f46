import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "./database/database.ts";
import { StartError } from "./start-error.ts";

type Migration = { version: string; name: string; file: string; sql: string };

const migrationsFolder = join(import.meta.dirname, "../migrations");
const bootstrapFile = join(import.meta.dirname, "bootstrap.sql");

/** Adds what hosted Supabase comes with: roles and `realtime.send`. */
export async function bootstrap(database: Database): Promise<void> {
  const sql = await readFile(bootstrapFile, "utf8");
  await database.transaction((tx) => tx.script(sql));
}

/** What has been applied to a database: a checksum of each migration, by its version. */
export type Schema = Map<string, string>;

/** What this program applies to a database. */
export async function ownSchema(folder: string = migrationsFolder): Promise<Schema> {
  const migrations = await readMigrations(folder);
  return new Map(migrations.map(({ version, sql }) => [version, checksum(sql)]));
}

/** @throws StartError if a database has what this program does not know, or knows otherwise */
export async function requireKnown(
  applied: Schema,
  folder: string = migrationsFolder,
): Promise<void> {
  const migrations = await readMigrations(folder);
  const known = new Map(migrations.map((migration) => [migration.version, migration]));
  for (const [version, sum] of applied) {
    const migration = known.get(version);
    if (!migration) {
      throw new StartError(
        `The database was last used by a newer or another version of Signalbox: this one does not have its migration ${version}. Nothing was changed. Update this program, or set SIGNALBOX_DATA_DIR to another folder.`,
      );
    }
    if (checksum(migration.sql) !== sum) {
      throw new StartError(
        `The migration ${migration.file} was changed after the database had applied it. Nothing was changed. Restore the file and make the change in a new migration, or set SIGNALBOX_DATA_DIR to another folder.`,
      );
    }
  }
}

/** What a database says that was applied to it. */
export async function appliedSchema(database: Database): Promise<Schema> {
  const table = "supabase_migrations.schema_migrations";
  const [found] = await database.query<{ name: string | null }>("select to_regclass($1) as name", [
    table,
  ]);
  if (!found?.name) return new Map();
  const rows = await database.query<{ version: string; sql: string | null }>(
    `select version, statements[1] as sql from ${table} order by version`,
  );
  return new Map(rows.map(({ version, sql }) => [version, checksum(sql ?? "")]));
}

/** Git may check a file out with other line ends. */
function checksum(sql: string): string {
  return createHash("sha256").update(sql.replaceAll("\r\n", "\n")).digest("hex");
}

/**
 * Applies the pending migrations in the order of their version, each with its record in one
 * transaction. Returns how many were applied.
 * @throws StartError if one fails, or the database has others than this program
 */
export async function migrate(
  database: Database,
  folder: string = migrationsFolder,
): Promise<number> {
  const applied = await appliedSchema(database);
  await requireKnown(applied, folder);
  await database.transaction((tx) =>
    tx.script(`
      create schema if not exists supabase_migrations;
      create table if not exists supabase_migrations.schema_migrations
        (version text not null primary key, statements text[], name text);
    `),
  );
  let count = 0;
  for (const migration of await readMigrations(folder)) {
    if (applied.has(migration.version)) continue;
    await apply(database, migration);
    count += 1;
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
