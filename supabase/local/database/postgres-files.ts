import { open } from "node:fs/promises";
import { join } from "node:path";
import type { ArchiveMember } from "../backup/archive.ts";
import { fileOf, padded } from "../backup/file-members.ts";
import { folderMembers } from "../backup/folder-members.ts";
import type { Session } from "./database.ts";

const control = "global/pg_control";
/** As PostgreSQL's documentation says what a base backup leaves out. */
const left =
  /(^|\/)(pgsql_tmp.*|pg_internal\.init|postmaster\.(pid|opts)|\.s\.PGSQL.*|backup_(label|manifest).*)$|^(pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/./;

/**
 * A base backup of a PostgreSQL in use: data files that may change meanwhile, and the write-ahead log that makes
 * them whole.
 * @param session a connection of its own, which this closes
 */
export async function* postgresFiles(
  session: Session,
  folder: string,
): AsyncGenerator<ArchiveMember> {
  const one = async <T>(sql: string) => (await session.sql<{ value: T }>(sql))[0]?.value;
  try {
    // A slot keeps the log, and ends with the connection.
    await one(
      "select pg_create_physical_replication_slot('signalbox_backup_' || pg_backend_pid(), true, true)::text as value",
    );
    const first = await one<string>(
      "select pg_walfile_name(pg_backup_start('signalbox', true)) as value",
    );
    const isData = (path: string) =>
      path !== control && !/^pg_wal\/./.test(path) && !left.test(path);
    for await (const member of folderMembers(folder, isData)) {
      yield { ...member, content: padded(member.content, member.bytes) };
    }
    const handle = await open(join(folder, control));
    yield fileOf(control, await handle.readFile().finally(() => handle.close()));
    const label = await one<string>("select labelfile as value from pg_backup_stop(false)");
    yield fileOf("backup_label", Buffer.from(label ?? ""));
    // What is not written to the end of its segment is written by this.
    await one("select pg_switch_wal()::text as value");
    const isLog = (path: string) =>
      path === "pg_wal" || (/^pg_wal\/[0-9A-F]{24}$/.test(path) && path.slice(7) >= (first ?? ""));
    for await (const member of folderMembers(folder, isLog)) if (!member.isFolder) yield member;
  } finally {
    await session.close();
  }
}
