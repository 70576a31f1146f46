import { statfsSync } from "node:fs";
import { statfs } from "node:fs/promises";

export const megabyte = 1024 * 1024;

/** `low`: people should make room. `full`: what can come again later is refused. */
export type DiskLevel = "ok" | "low" | "full";

/** Bytes that this user can still write to the disk that holds a folder. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** The same at once, for a place that must not wait. */
export function freeBytesNow(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** The level of a disk. It is low long before it is full, so that somebody has time to act. */
export function diskLevel(freeBytes: number, minFreeBytes: number): DiskLevel {
  if (freeBytes < minFreeBytes) return "full";
  return freeBytes < 5 * minFreeBytes ? "low" : "ok";
}
