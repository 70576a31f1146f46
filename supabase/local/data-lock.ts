import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StartError } from "./start-error.ts";

/**
 * Locks the data folder for this process and returns the function that unlocks it; a folder that
 * another process uses is a `StartError`.
 *
 * Node has no file locks, but SQLite does. The operating system releases the lock of a killed
 * process, and there is no process id that could be mistaken for another process's.
 */
export function lockDataFolder(dataDir: string): () => void {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(dataDir, "database.lock"));
    lock.exec("begin exclusive");
  } catch (error) {
    lock?.close();
    if (error instanceof Error && "errcode" in error && error.errcode === busy) {
      throw new StartError(
        `The data folder ${dataDir} is in use by another Signalbox. Stop that one, or set SIGNALBOX_DATA_DIR to another folder.`,
      );
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `Cannot write to the data folder ${dataDir} (${reason}). Make it writable, or set SIGNALBOX_DATA_DIR to another folder.`,
    );
  }
  const held = lock;
  return () => {
    if (held.isOpen) held.close();
  };
}

/** SQLITE_BUSY: another process holds the lock. */
const busy = 5;
