/** The SHA-256 of each landed migration, by file name. */
export type MigrationLock = Record<string, string>;

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

/** The new migrations, which the lock does not have yet. */
export function newMigrations(lock: MigrationLock, files: MigrationLock): string[] {
  return Object.keys(files)
    .filter((file) => lock[file] === undefined)
    .sort();
}
