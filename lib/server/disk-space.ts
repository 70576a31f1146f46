import { type DiskLevel, diskLevel, freeBytes, megabyte } from "@/lib/disk/free-space.ts";
import { cachedFor } from "./cached-for";
import { env } from "./env";
import { AppError } from "./errors";

interface DiskSpace {
  /** `not watched`: the database is elsewhere. */
  level: DiskLevel | "not watched";
  freeBytes: number | null;
}

const cacheForMs = 1_000;
const retryAfterSeconds = 15;

/** The disk of the embedded database; looked at once a second at most. */
export function diskSpace(): Promise<DiskSpace> {
  return cachedFor("disk-space", cacheForMs, look);
}

async function look(): Promise<DiskSpace> {
  const { SIGNALBOX_DATABASE_DIR: folder, SIGNALBOX_MIN_FREE_MB: minimum } = env();
  if (folder === undefined) return { level: "not watched", freeBytes: null };
  try {
    const free = await freeBytes(folder);
    return { level: diskLevel(free, minimum * megabyte), freeBytes: free };
  } catch {
    // A folder that was moved away is the database's to report.
    return { level: "not watched", freeBytes: null };
  }
}

/** Refuses what would fill the disk further and can be sent again. */
export async function requireDiskSpace(): Promise<void> {
  const { level, freeBytes: free } = await diskSpace();
  if (level !== "full") return;
  throw new AppError(
    "backend_unavailable",
    `The dashboard's disk is full: ${Math.floor((free ?? 0) / megabyte)} MB left. Nothing was stored. Make room where it keeps its data, and send this again.`,
    { headers: { "Retry-After": String(retryAfterSeconds) } },
  );
}
