import { closeSync, fsyncSync, openSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { PGlite } from "@supabase/lite/pglite";
import { nodeFilesOf } from "./node-files.ts";

/** Settings for PGlite's start with which PostgreSQL waits for the disk; `-F` switches that off. */
export function syncingParams(params: readonly string[]): string[] {
  // Of the methods for the log, only this one asks the file system.
  return [...params.filter((each) => each !== "-F"), "-c", "wal_sync_method=fsync"];
}

/**
 * Makes a database wait for the disk: what it has acknowledged then survives a power cut. What opening it has
 * written is waited for here.
 */
export async function syncFiles(driver: PGlite, folder: string): Promise<void> {
  const files = nodeFilesOf(driver);
  files.stream_ops.fsync = (stream) => {
    if (stream.nfd !== undefined) fsyncSync(stream.nfd);
    else syncPath(files.realPath(stream.node));
    return 0;
  };
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) syncPath(join(entry.parentPath, entry.name));
  syncPath(folder);
}

function syncPath(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
