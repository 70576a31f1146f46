import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { StartError } from "./start-error.ts";

const holderSchema = z.object({ pid: z.number().int().positive(), started: z.string() });
type Holder = z.infer<typeof holderSchema>;

/**
 * Takes the data folder for this process and returns the function that gives it back.
 * The lock of a process that is gone is taken over; a living one's is a `StartError`.
 */
export async function lockDataFolder(dataDir: string): Promise<() => Promise<void>> {
  const path = join(dataDir, "supabase.lock");
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, mine, { mode: 0o600 });
  try {
    // A hard link appears whole or not at all, so nobody ever reads half a lock.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (await tryLink(draft, path)) return () => release(path, mine);
      await removeStale(path, dataDir);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new StartError(`The data folder ${dataDir} is being taken by another process.`);
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function removeStale(path: string, dataDir: string): Promise<void> {
  const seen = await readFile(path, "utf8").catch(() => undefined);
  if (seen === undefined) return;
  const holder = parseHolder(seen);
  if (holder && isAlive(holder)) {
    throw new StartError(
      `The data folder ${dataDir} is in use by another Supabase process (pid ${holder.pid}). Stop that one, or set SIGNALBOX_DATA_DIR to another folder.`,
    );
  }
  // Moved aside before it is deleted: if another starter was quicker, its fresh lock is put back.
  const aside = `${path}.${randomUUID()}`;
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  if ((await readFile(aside, "utf8")) !== seen) await tryLink(aside, path);
  await rm(aside, { force: true });
}

async function release(path: string, mine: string): Promise<void> {
  const current = await readFile(path, "utf8").catch(() => undefined);
  if (current === mine) await rm(path, { force: true });
}

function parseHolder(text: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    const denied = error instanceof Error && "code" in error && error.code === "EPERM";
    if (!denied) return false;
  }
  // The same number may by now belong to somebody else, most of all in a restarted container.
  return started === "" || startOf(pid) === started;
}

/** When a process started, in the words of the kernel; empty where it doesn't say. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${ticks}`;
  } catch {
    return "";
  }
}
