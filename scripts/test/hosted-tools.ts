import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { type HostedDatabase, startHostedDatabase } from "../../supabase/hosted/database.ts";

const root = resolve(import.meta.dirname, "../..");
const listed = join(root, "supabase/hosted/tools");
const installed = join(root, "node_modules/.cache/signalbox-hosted-tools");
const typesFile = join(root, "lib/server/database.types.ts");

/**
 * Runs Supabase's own tools against a database in the shape of a hosted project: `supabase db push`,
 * `migration list`, `db advisors`, `db lint`, and the types as postgres-meta generates them.
 * Skipped, aloud, where they can't be installed.
 * @throws Error naming what a tool found
 */
export async function testHostedTools(): Promise<void> {
  const failure = install();
  if (failure) return console.log(`Skipped: Supabase's tools can't be installed here: ${failure}`);
  const database = await startHostedDatabase();
  const folder = mkdtempSync(join(tmpdir(), "signalbox-tools-"));
  try {
    for (const part of ["migrations", "config.toml"]) {
      cpSync(join(root, "supabase", part), join(folder, "supabase", part), { recursive: true });
    }
    const tools = new Tools(database, folder);
    for (const check of [push, pushAgain, listMigrations, advise, lint, compareTypes]) check(tools);
  } finally {
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns why it failed, if it did. The tools take 350 MB, so they are no dependency of the project. */
function install(): string | null {
  const lock = readFileSync(join(listed, "package-lock.json"), "utf8");
  const marker = join(installed, "installed.json");
  if (existsSync(marker) && readFileSync(marker, "utf8") === lock) return null;
  rmSync(installed, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) {
    copyFileSync(join(listed, file), join(installed, file));
  }
  console.log("Installing Supabase's tools …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, stderr, error } = spawnSync(npm, args, { cwd: installed, encoding: "utf8" });
  if (status !== 0)
    return error?.message ?? stderr.trim().split("\n")[0] ?? `npm ended with ${status}`;
  writeFileSync(marker, lock);
  return null;
}

/** The tools on one database, in a folder that holds the migrations. */
class Tools {
  readonly #url: string;
  readonly #folder: string;

  constructor({ url }: HostedDatabase, folder: string) {
    this.#url = `${url}?sslmode=disable`;
    this.#folder = folder;
  }

  /** Runs the Supabase command; returns what it prints. @throws Error with what it said */
  supabase(...args: string[]): string {
    const script = join(installed, "node_modules/supabase/dist/supabase.js");
    return this.#run([script, ...args, "--db-url", this.#url]);
  }

  /** The types that postgres-meta generates. */
  types(): string {
    return this.#run(
      [join(installed, "node_modules/@supabase/postgres-meta/dist/server/server.js")],
      {
        PG_META_DB_URL: this.#url,
        PG_META_DB_SSL_MODE: "disable",
        PG_META_GENERATE_TYPES: "typescript",
        PG_META_GENERATE_TYPES_INCLUDED_SCHEMAS: "public",
        PG_META_POSTGREST_VERSION: "12.2",
      },
    );
  }

  #run(args: string[], more: Record<string, string> = {}): string {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: this.#folder,
      encoding: "utf8",
      // The command keeps a file about itself at home, and counts its uses unless told otherwise.
      env: { ...process.env, HOME: this.#folder, SUPABASE_TELEMETRY_DISABLED: "1", ...more },
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status === 0) return stdout;
    throw new Error(`${args.slice(1, 3).join(" ")}: ${signal ?? status}\n${stdout}${stderr}`);
  }
}

function push(tools: Tools): void {
  tools.supabase("db", "push", "--yes");
  console.log("  ✓ supabase db push applies every migration as postgres");
}

function pushAgain(tools: Tools): void {
  const said = tools.supabase("db", "push", "--yes", "--dry-run");
  if (/would push/i.test(said)) throw new Error(`db push is not done: ${said}`);
  console.log("  ✓ supabase db push has nothing left to do");
}

const migrationsSchema = z.object({
  migrations: z.array(z.object({ local: z.string(), remote: z.string() })).min(1),
});

function listMigrations(tools: Tools): void {
  const text = tools.supabase("migration", "list", "--output-format", "json");
  const { migrations } = migrationsSchema.parse(JSON.parse(text));
  const different = migrations.filter(({ local, remote }) => local !== remote);
  if (different.length > 0) throw new Error(`migrations differ: ${JSON.stringify(different)}`);
  console.log(`  ✓ supabase migration list shows ${migrations.length} on both sides`);
}

const advicesSchema = z.object({
  results: z.array(z.object({ name: z.string(), level: z.string(), detail: z.string() })),
});

/** Functions in SQL have no `search_path` of their own: they would no longer be inlined. */
const expected = new Set(["function_search_path_mutable"]);

function advise(tools: Tools): void {
  const text = tools.supabase(
    ...["db", "advisors", "--level", "warn", "--fail-on", "error", "--output-format", "json"],
  );
  const { results } = advicesSchema.parse(JSON.parse(text));
  const unexpected = results.filter(({ name }) => !expected.has(name));
  if (unexpected.length > 0) {
    throw new Error(unexpected.map(({ name, detail }) => `${name}: ${detail}`).join("\n"));
  }
  console.log("  ✓ supabase db advisors has no error and no new warning");
}

function lint(tools: Tools): void {
  try {
    tools.supabase("db", "lint", "--level", "error", "--fail-on", "error");
    console.log("  ✓ supabase db lint finds no error, by plpgsql_check");
  } catch (error) {
    if (!String(error).includes('"plpgsql_check" is not available')) throw error;
    console.log("  Skipped: supabase db lint, as this PostgreSQL has no plpgsql_check");
  }
}

function compareTypes(tools: Tools): void {
  const [, ours = ""] = readFileSync(typesFile, "utf8").split(/\n\n(.*)/s);
  if (tools.types().trim() !== ours.trim()) {
    throw new Error("postgres-meta generates other types than lib/server/database.types.ts.");
  }
  console.log("  ✓ postgres-meta generates the same types");
}
