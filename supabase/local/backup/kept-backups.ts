const dayMs = 24 * 3600_000;

export type BackupRule = {
  /** How many of the newest days with a backup keep their newest one. */
  daily: number;
  /** The same for weeks, from Monday to Sunday in UTC. */
  weekly: number;
};

/** Which backups the rule no longer keeps, by the times at which they were made. */
export function expiredBackups(times: readonly Date[], { daily, weekly }: BackupRule): Date[] {
  const newestFirst = [...times].sort((a, b) => b.getTime() - a.getTime());
  const kept = new Set([
    ...newestOf(newestFirst, daily, (time) => Math.floor(time / dayMs)),
    // 1 January 1970 was a Thursday.
    ...newestOf(newestFirst, weekly, (time) => Math.floor((time / dayMs + 3) / 7)),
  ]);
  return newestFirst.filter((time) => !kept.has(time));
}

function newestOf(newestFirst: readonly Date[], count: number, periodOf: (time: number) => number) {
  const byPeriod = new Map<number, Date>();
  for (const time of newestFirst) {
    const period = periodOf(time.getTime());
    if (!byPeriod.has(period)) byPeriod.set(period, time);
  }
  return [...byPeriod.values()].slice(0, count);
}

/** Whether a day has passed since the newest backup. */
export function isBackupDue(times: readonly Date[], now: Date): boolean {
  return times.every((time) => now.getTime() - time.getTime() >= dayMs);
}
