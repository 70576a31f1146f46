import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../log.ts";
import { type BackupRule, expiredBackups, isBackupDue } from "./kept-backups.ts";
import { backupName, backupTime } from "./make-backup.ts";

const firstCheckMs = 10 * 60_000;
const checkEveryMs = 3600_000;

export type BackupPlan = BackupRule & {
  /** Where the backups are kept. */
  folder: string;
};

/** Makes a backup a day and deletes those that the rule no longer keeps. A failure is logged and tried again. */
export function startDailyBackups(
  plan: BackupPlan,
  backUp: (file: string) => Promise<void>,
  log: Log,
): () => void {
  if (plan.daily + plan.weekly === 0) return () => undefined;
  const check = () =>
    makeDailyBackup(plan, backUp, new Date()).catch((error: unknown) => {
      log(
        `The daily backup failed and will be tried again in an hour: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  const first = setTimeout(check, firstCheckMs);
  const timer = setInterval(check, checkEveryMs);
  first.unref();
  timer.unref();
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}

/** Makes a backup if the last one is a day old; older ones go only after it was made. */
export async function makeDailyBackup(
  { folder, ...rule }: BackupPlan,
  backUp: (file: string) => Promise<void>,
  now: Date,
): Promise<void> {
  if (
    !isBackupDue(
      (await backupsIn(folder)).map(({ time }) => time),
      now,
    )
  )
    return;
  await backUp(join(folder, backupName(now)));
  const backups = await backupsIn(folder);
  const expired = new Set(
    expiredBackups(
      backups.map(({ time }) => time),
      rule,
    ),
  );
  for (const { name, time } of backups) if (expired.has(time)) await rm(join(folder, name));
}

async function backupsIn(folder: string): Promise<{ name: string; time: Date }[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => {
    const time = backupTime(name);
    return time ? [{ name, time }] : [];
  });
}
