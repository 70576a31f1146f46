import { randomBytes } from "node:crypto";
import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { megabyte } from "../../../lib/disk/free-space.ts";

/** Enough for the database to open after a crash and to end what it has begun. */
export const reserveBytes = 64 * megabyte;

/**
 * A file that only takes up room. When the disk is full, removing it is what lets the database go on
 * until somebody has made space.
 */
export class DiskReserve {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = join(dataDir, "disk-reserve");
  }

  get held(): boolean {
    return statSync(this.#path, { throwIfNoEntry: false })?.size === reserveBytes;
  }

  /** Takes the room; a disk that has too little leaves none taken. */
  take(): boolean {
    try {
      const file = openSync(this.#path, "w", 0o600);
      try {
        // Random, because some file systems store no zeros.
        const chunk = randomBytes(megabyte);
        for (let written = 0; written < reserveBytes; ) {
          written += writeSync(file, chunk, 0, Math.min(chunk.length, reserveBytes - written));
        }
      } finally {
        closeSync(file);
      }
      return true;
    } catch {
      this.release();
      return false;
    }
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }
}
