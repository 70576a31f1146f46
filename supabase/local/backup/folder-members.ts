import { readFileSync, statSync } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ArchiveMember } from "./archive.ts";

const smallBytes = 256 * 1024;
const chunkBytes = 1024 * 1024;

/**
 * Everything in a folder, for an archive, by paths with `/`. A file that is deleted meanwhile is left out;
 * what is appended to one after it was found is, too.
 * @param wanted false leaves a file or folder out, with what is in it
 */
export async function* folderMembers(
  folder: string,
  wanted: (path: string) => boolean,
  below = "",
): AsyncGenerator<ArchiveMember> {
  const entries = await orGone(readdir(join(folder, below), { withFileTypes: true }));
  for (const entry of (entries ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below ? `${below}/${entry.name}` : entry.name;
    if (!wanted(path)) continue;
    if (entry.isDirectory()) {
      yield { path, mode: 0o700, bytes: 0, isFolder: true, content: nothing() };
      yield* folderMembers(folder, wanted, path);
    } else if (entry.isFile()) {
      yield* fileMember(join(folder, path), path);
    }
  }
}

async function* fileMember(file: string, path: string): AsyncGenerator<ArchiveMember> {
  const member = { path, mode: 0o600, isFolder: false };
  const small = readSmall(file);
  if (small === "gone") return;
  if (small !== "large") return yield { ...member, bytes: small.length, content: whole(small) };
  const handle = await orGone(open(file));
  if (!handle) return;
  try {
    const { size } = await handle.stat();
    yield { ...member, bytes: size, content: portions(handle) };
  } finally {
    await handle.close();
  }
}

/**
 * Reads a small file in one go: a database has a thousand, and each step that waits comes after whatever
 * this busy process does meanwhile.
 */
function readSmall(file: string): Buffer | "large" | "gone" {
  try {
    const { size } = statSync(file);
    return size > smallBytes ? "large" : readFileSync(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "gone";
    throw error;
  }
}

async function* whole(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}

async function* portions(handle: FileHandle): AsyncGenerator<Buffer> {
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function* nothing(): AsyncGenerator<Buffer> {}

/** Undefined for what no longer exists. */
async function orGone<T>(found: Promise<T>): Promise<T | undefined> {
  return found.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
