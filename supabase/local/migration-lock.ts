import { z } from "zod";

/** The SHA-256 of each landed migration, by file name. */
export type MigrationLock = Record<string, string>;

const lockSchema = z.record(z.string(), z.string());

export function parseLock(text: string): MigrationLock {
  return lockSchema.parse(JSON.parse(text));
}

/** The migrations of the folder with their hashes, against those in the lock. */
export function checkMigrations(lock: MigrationLock, files: MigrationLock): string[] {
  const problems: string[] = [];
  const landed = Object.keys(lock).sort();
  for (const file of landed) {
    if (files[file] === undefined) problems.push(`${file} was removed.`);
    else if (files[file] !== lock[file]) problems.push(`${file} was changed.`);
  }
  const added = Object.keys(files).filter((file) => lock[file] === undefined);
  const last = landed.at(-1) ?? "";
  for (const file of added.sort()) {
    if (file < last) problems.push(`${file} sorts before ${last}, which has landed.`);
  }
  return problems;
}

/** Migrations up to this one had landed before there was a rule against blanket privileges. */
const lastWithBlankets = "20261121009150_set_clocks.sql";

/**
 * Statements that change the privileges of all objects in schema `public`: of what other programs in
 * the same Supabase project have there, too. `texts`: migrations by file name.
 */
export function blanketPrivileges(texts: Record<string, string>): string[] {
  return Object.entries(texts)
    .filter(([file]) => file > lastWithBlankets)
    .flatMap(([file, text]) =>
      text
        .replaceAll(/--.*$/gm, "")
        .split(";")
        .filter((statement) => blanket.test(statement))
        .map((statement) => `${file}: ${statement.trim().replaceAll(/\s+/g, " ")}`),
    );
}

const blanket =
  /\bon\s+all\s+(functions|procedures|routines|tables|sequences)\s+in\s+schema\s+(\w+\s*,\s*)*public\b|\balter\s+default\s+privileges\b/i;

/** The new migrations, which the lock does not have yet. */
export function newMigrations(lock: MigrationLock, files: MigrationLock): string[] {
  return Object.keys(files)
    .filter((file) => lock[file] === undefined)
    .sort();
}
