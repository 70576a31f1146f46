import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeBytesNow, megabyte } from "../free-space.ts";

/** A disk of a few hundred megabytes that a test fills. */
export interface SmallDisk {
  folder: string;
  /** Leaves so much free, by a file of something else. */
  fill(leaveMegabytes: number): void;
  /** Removes that file. */
  clear(): void;
  unmount(): void;
}

/** Mounts a small disk; null, with the reason said, where this process may not. */
export function mountSmallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-disk-"));
  const size = `size=${megabytes}m,mode=0700`;
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", size, "tmpfs", folder]);
  if (mounted.status !== 0) {
    rmSync(folder, { recursive: true });
    console.log("Skipped: tests on a full disk need the right to mount one (root on Linux).");
    return null;
  }
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill: (leaveMegabytes) => {
      const bytes = freeBytesNow(folder) - leaveMegabytes * megabyte;
      for (let left = bytes; left > 0; left -= megabyte) {
        writeFileSync(ballast, Buffer.alloc(Math.min(left, megabyte)), { flag: "a" });
      }
    },
    clear: () => rmSync(ballast, { force: true }),
    unmount: () => {
      spawnSync("umount", ["--lazy", folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
