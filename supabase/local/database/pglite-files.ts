import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PGlite } from "@supabase/lite/pglite";
import type { ArchiveMember } from "../backup/archive.ts";
import { fileOf, padded } from "../backup/file-members.ts";
import { folderMembers } from "../backup/folder-members.ts";
import type { Checkpoints } from "./checkpoints.ts";

const control = "global/pg_control";
/** Runs work while nobody else uses the connection. */
type Alone = <T>(work: () => Promise<T>) => Promise<T>;

/** Temporary files, and notes about this copy of the database. */
const left = /(^|\/)(pgsql_tmp.*|pg_internal\.init|postmaster\.(pid|opts)|signalbox-wal-position)$/;

/**
 * The files of a PGlite database in use, as a crash at the end of reading would leave them: the state of a
 * checkpoint, data files that may have changed since, and the whole write-ahead log after it, which
 * PostgreSQL replays. Callers wait only for the checkpoint at the beginning.
 */
export async function* pgliteFiles(
  { driver, alone, checkpoints }: { driver: PGlite; alone: Alone; checkpoints: Checkpoints },
  folder: string,
): AsyncGenerator<ArchiveMember> {
  const begun = await alone(async () => {
    await driver.exec("checkpoint");
    // Another one would recycle the log that this copy needs.
    checkpoints.hold();
    return readFile(join(folder, control));
  });
  try {
    const isData = (path: string) => path !== control && !/^pg_wal\/[^/]+$/.test(path);
    for await (const member of folderMembers(folder, (path) => isData(path) && !left.test(path))) {
      yield { ...member, content: padded(member.content, member.bytes) };
    }
    yield fileOf(control, begun);
    const isLog = (path: string) => path === "pg_wal" || /^pg_wal\/[0-9A-F]{24}$/.test(path);
    for await (const member of folderMembers(folder, isLog)) if (!member.isFolder) yield member;
  } finally {
    checkpoints.release();
  }
}
