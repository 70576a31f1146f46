import {
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join, relative } from "node:path";
import type { PGlite } from "@supabase/lite/pglite";
import { nodeFilesOf } from "./node-files.ts";

type Written =
  | { op: "write"; path: string; at: number; bytes: Buffer }
  | { op: "truncate"; path: string; size: number }
  | { op: "make"; path: string; isFolder: boolean }
  | { op: "rename"; path: string; to: string }
  | { op: "remove"; path: string }
  | { op: "sync"; path: string }
  /** A statement was answered. */
  | { op: "acknowledge"; n: number };

const folderBit = 0o040000;

/** Records what an open database does to its files, for tests that cut it short anywhere. */
export function recordWrites(driver: PGlite, folder: string): Written[] {
  const log: Written[] = [];
  const { stream_ops, node_ops, realPath } = nodeFilesOf(driver);
  const pathOf = (node: object) => relative(folder, realPath(node));
  const { write } = stream_ops;
  const fsync = stream_ops.fsync ?? (() => 0);
  const { setattr, mknod, rename, unlink, rmdir } = node_ops;
  stream_ops.write = (stream, buffer, offset, length, position) => {
    const count = write(stream, buffer, offset, length, position);
    const bytes = Buffer.from(buffer.slice(offset, offset + count));
    log.push({ op: "write", path: pathOf(stream.node), at: position, bytes });
    return count;
  };
  stream_ops.fsync = (stream) => {
    log.push({ op: "sync", path: pathOf(stream.node) });
    return fsync(stream);
  };
  node_ops.setattr = (node, change) => {
    setattr(node, change);
    if (change.size !== undefined)
      log.push({ op: "truncate", path: pathOf(node), size: change.size });
  };
  node_ops.mknod = (parent, name, mode, device) => {
    const made = mknod(parent, name, mode, device);
    const isFolder = (mode & 0o170000) === folderBit;
    log.push({ op: "make", path: join(pathOf(parent), name), isFolder });
    return made;
  };
  node_ops.rename = (node, parent, name) => {
    const path = pathOf(node);
    rename(node, parent, name);
    log.push({ op: "rename", path, to: join(pathOf(parent), name) });
  };
  for (const [name, remove] of Object.entries({ unlink, rmdir })) {
    Object.assign(node_ops, {
      [name]: (parent: object, child: string) => {
        remove(parent, child);
        log.push({ op: "remove", path: join(pathOf(parent), child) });
      },
    });
  }
  return log;
}

/** Does to a copy of the folder what was recorded. */
export function replayWrites(folder: string, log: readonly Written[]): void {
  for (const entry of log) {
    if (entry.op === "acknowledge" || entry.op === "sync") continue;
    const path = join(folder, entry.path);
    if (entry.op === "write") writeAt(path, entry.at, entry.bytes);
    else if (entry.op === "truncate") truncateSync(path, entry.size);
    else if (entry.op === "rename") renameSync(path, join(folder, entry.to));
    else if (entry.op === "remove") rmSync(path, { recursive: true, force: true });
    else if (entry.isFolder) mkdirSync(path, { recursive: true });
    else writeFileSync(path, "", { flag: "a" });
  }
}

function writeAt(path: string, at: number, bytes: Buffer): void {
  const file = openSync(path, "r+");
  try {
    writeSync(file, bytes, 0, bytes.length, at);
  } finally {
    closeSync(file);
  }
}
