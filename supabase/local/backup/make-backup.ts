import { createWriteStream } from "node:fs";
import { mkdir, open, rename, rm, statfs } from "node:fs/promises";
import { basename, dirname, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Database } from "../database/database.ts";
import { type ArchiveMember, type Manifest, readArchive, writeArchive } from "./archive.ts";
import { folderMembers } from "./folder-members.ts";
import { programVersion } from "./program-version.ts";

/** Room that a backup leaves on the disk, for what goes on being stored. */
const reserveBytes = 256 * 1024 * 1024;

/**
 * What is not backed up: the database's own files, which are added as they are consistent, locks, logs of the
 * services, what each start makes anew, backups, and what a restore has put aside.
 */
const leftOut =
  /^(database|postgres|postgres\.moving|database-before-postgres|backups|replaced-[^/]*|restore|runtime\.json|disk-reserve|[^/]*\.log(\.\d+)?|[^/]*\.(lock|lock-journal|new|part)|backend\/backend\.pid)$/;

/** A backup was not made, for a reason in words. */
export class BackupError extends Error {}

/**
 * Writes a backup of the whole data folder while the database is in use, and reads it back.
 * @throws BackupError if the disk has too little room for it
 */
export async function makeBackup(
  { dataDir, database }: { dataDir: string; database: Database },
  file: string,
): Promise<Manifest> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.part`;
  try {
    const about = {
      version: await programVersion(),
      created_at: new Date().toISOString(),
      database: database.engine,
    };
    const skipped = relative(dataDir, dirname(file)).replaceAll("\\", "/");
    const archive = writeArchive(membersOf(dataDir, database, skipped), about);
    const output = createWriteStream(part, { mode: 0o600, flush: true });
    await pipeline(
      archive,
      leavingRoom(dirname(file)),
      createGzip({ level: 3, chunkSize: 1024 * 1024 }),
      output,
    );
    const manifest = await readArchive(part);
    await rename(part, file);
    await syncFolder(dirname(file));
    return manifest;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/**
 * The training backend's files come before the database: what it has sent by then is in the database, and
 * what it sends again is recognized.
 */
async function* membersOf(
  dataDir: string,
  database: Database,
  skipped: string,
): AsyncGenerator<ArchiveMember> {
  yield* folderMembers(dataDir, (path) => path !== skipped && !leftOut.test(path));
  const folder = database.engine === "pglite" ? "database" : "postgres";
  const content = (async function* (): AsyncGenerator<Buffer> {})();
  yield { path: folder, mode: 0o700, bytes: 0, isFolder: true, content };
  for await (const member of database.files())
    yield { ...member, path: `${folder}/${member.path}` };
}

/** Passes an archive on while the disk has room. */
function leavingRoom(folder: string) {
  return async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let unchecked = Number.POSITIVE_INFINITY;
    for await (const chunk of source) {
      unchecked += chunk.length;
      if (unchecked > 32 * 1024 * 1024) {
        unchecked = 0;
        const { bavail, bsize } = await statfs(folder);
        if (bavail * bsize < reserveBytes) {
          throw new BackupError(
            `There is too little room for a backup in ${folder}: it would leave less than 256 MiB free. Free some, or set SIGNALBOX_BACKUP_DIR to a folder on another disk.`,
          );
        }
      }
      yield chunk;
    }
  };
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The name of a backup made now; names sort by time. */
export function backupName(now: Date): string {
  return `signalbox-${now.toISOString().slice(0, 19).replaceAll(":", "-")}Z.tar.gz`;
}

/** When a backup of this name was made; null for any other file. */
export function backupTime(path: string): Date | null {
  const match = /^signalbox-(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\dZ)\.tar\.gz$/.exec(basename(path));
  if (!match) return null;
  const [, day, hours, minutes, seconds] = match;
  return new Date(`${day}${hours}:${minutes}:${seconds}`);
}
