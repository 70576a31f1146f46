import { access, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { lockDataFolder } from "../data-lock.ts";
import { ensurePrivateFolder } from "../keys.ts";
import { appliedSchema, migrate, requireKnown } from "../migrate.ts";
import { openDatabase } from "../open-database.ts";
import { checkSchemaFile } from "../schema-file.ts";
import { StartError } from "../start-error.ts";
import { type Manifest, unpackArchive } from "./archive.ts";

/** Where a backup is unpacked; while files are exchanged it holds `swapping`. */
const stagingName = "restore";
const swappingName = "swapping";

/** Stays where it is: it is of the folder, not of what is in it. */
const stays = /^(backups|replaced-.*|restore|database\.lock.*|disk-reserve|[^/]*\.log(\.\d+)?)$/;

export type Restored = {
  manifest: Manifest;
  /** Where the data from before was put; null if there was none. */
  replaced: string | null;
};

/**
 * Restores a backup into a data folder that no dashboard uses. Nothing in the folder changes before the
 * whole backup was unpacked, compared with its checksums, and its database opened.
 * @param replace put data that is there aside instead of refusing
 * @throws StartError in words for the terminal
 */
export async function restoreBackup(
  dataDir: string,
  file: string,
  { replace, now = new Date() }: { replace: boolean; now?: Date },
): Promise<Restored> {
  await ensurePrivateFolder(dataDir);
  const unlock = lockDataFolder(dataDir);
  try {
    const present = (await readdir(dataDir)).filter((name) => !stays.test(name));
    const halfway = await isRestoring(dataDir);
    if (present.length > 0 && !replace && !halfway) {
      throw new StartError(
        `The data folder ${dataDir} is not empty. Nothing was changed. Add --replace to put what is there aside, or set SIGNALBOX_DATA_DIR to another folder.`,
      );
    }
    const staging = join(dataDir, stagingName);
    const incoming = join(staging, "data");
    if (!halfway) await rm(staging, { recursive: true, force: true });
    await rm(incoming, { recursive: true, force: true });
    const manifest = await unpackArchive(file, incoming);
    await prepare(incoming, manifest);
    const replaced = await exchange(dataDir, present, now);
    return { manifest, replaced };
  } catch (error) {
    if (!(await isRestoring(dataDir))) {
      await rm(join(dataDir, stagingName), { recursive: true, force: true });
    }
    throw error;
  } finally {
    unlock();
  }
}

/** @throws StartError if a restore into the folder was cut off while it exchanged files */
export async function requireWhole(dataDir: string): Promise<void> {
  if (!(await isRestoring(dataDir))) return;
  throw new StartError(
    `A restore into the data folder ${dataDir} was cut off. Run it again: signalbox restore FILE`,
  );
}

function isRestoring(dataDir: string): Promise<boolean> {
  return access(join(dataDir, stagingName, swappingName)).then(
    () => true,
    () => false,
  );
}

/** Opens the database once: it has to work, and viewers have to begin anew. */
async function prepare(folder: string, manifest: Manifest): Promise<void> {
  await checkSchemaFile(folder);
  const database = await openDatabase(folder, manifest.database);
  try {
    await requireKnown(await appliedSchema(database));
    await migrate(database);
    // Rows that were stored after the backup are gone, and their numbers will be given again.
    await database.query("update public.jobs set generation = signalbox.new_generation()");
  } finally {
    await database.close();
  }
}

/** Moves the present files aside and the new ones in. Cut off, it is noticed at the next start. */
async function exchange(dataDir: string, present: string[], now: Date): Promise<string | null> {
  const staging = join(dataDir, stagingName);
  const marker = await open(join(staging, swappingName), "w", 0o600);
  await marker.sync();
  await marker.close();
  const aside = `replaced-${now.toISOString().replaceAll(":", "-")}`;
  if (present.length > 0) await mkdir(join(dataDir, aside), { mode: 0o700 });
  for (const name of present) await rename(join(dataDir, name), join(dataDir, aside, name));
  const incoming = join(staging, "data");
  for (const name of await readdir(incoming)) {
    await rename(join(incoming, name), join(dataDir, name));
  }
  await rm(staging, { recursive: true });
  return present.length > 0 ? join(dataDir, aside) : null;
}
