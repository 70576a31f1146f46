// Checks that landed and released migrations are unchanged; with --seal, adds new ones to the lock.
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  blanketPrivileges,
  checkMigrations,
  newMigrations,
  parseLock,
} from "../supabase/local/migration-lock.ts";
import { releasedLock } from "../supabase/local/released-lock.ts";

const folder = join(import.meta.dirname, "../supabase/migrations");
const lockFile = join(folder, "../migrations.lock.json");

const lock = parseLock(await readFile(lockFile, "utf8").catch(() => "{}"));
const names = (await readdir(folder)).filter((name) => name.endsWith(".sql"));
const texts = Object.fromEntries(
  await Promise.all(
    names.map(async (name) => {
      // Git may check a file out with other line ends.
      const text = (await readFile(join(folder, name), "utf8")).replaceAll("\r\n", "\n");
      return [name, text] as const;
    }),
  ),
);
const files = Object.fromEntries(
  Object.entries(texts).map(([name, text]) => [
    name,
    createHash("sha256").update(text).digest("hex"),
  ]),
);

const released = await releasedLock(join(folder, "../.."));
if (!released.lock) console.log(released.reason);
const problems = [...checkMigrations(lock, files), ...checkMigrations(released.lock ?? {}, files)];
const added = newMigrations(lock, files);
const blankets = blanketPrivileges(texts);
if (problems.length > 0) {
  fail(
    `Landed migrations are append-only, because databases have already applied them:\n  ${[...new Set(problems)].join("\n  ")}\nRestore them, and make the change in a new migration.`,
  );
} else if (blankets.length > 0) {
  fail(
    `Name the functions, tables or sequences: a Supabase project may be shared, and schema public holds others' objects, too.\n  ${blankets.join("\n  ")}`,
  );
} else if (process.argv.includes("--seal")) {
  const all = Object.entries({ ...lock, ...files }).sort();
  await writeFile(lockFile, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
} else if (added.length > 0) {
  fail(
    `New migrations are not in supabase/migrations.lock.json: ${added.join(", ")}.\nRun: npm run migrations -- --seal`,
  );
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
