import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeFileDurably } from "./durable-file.ts";
import { isAlive, processStart } from "./jobs/process-identity.ts";

const ownerSchema = z.object({ pid: z.int(), started: z.string().nullable() });

/** Locks a data folder for this process, because two backends would run the same jobs twice. */
export function lockDataDir(dataDir: string): { release: () => void } {
  const folder = join(dataDir, "backend");
  const path = join(folder, "backend.pid");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  requireNoBackend(dataDir);
  const mine = { pid: process.pid, started: processStart(process.pid) };
  writeFileDurably(path, [JSON.stringify(mine)]);
  return { release: () => rmSync(path, { force: true }) };
}

/** @throws Error if another process runs the jobs of this folder */
export function requireNoBackend(dataDir: string): void {
  const owner = readOwner(join(dataDir, "backend", "backend.pid"));
  if (!owner || owner.pid === process.pid || !isAlive(owner)) return;
  throw new Error(
    `${dataDir} is in use by the training backend with process id ${owner.pid}; stop it, or set SIGNALBOX_DATA_DIR to another folder`,
  );
}

function readOwner(path: string): z.infer<typeof ownerSchema> | null {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}
