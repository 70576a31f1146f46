import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StartError } from "./start-error.ts";

/**
 * Takes the data folder for this process and returns the function that gives it back; a folder that
 * another process holds is a `StartError`.
 *
 * Node has no file locks, but SQLite has: they are the operating system's, so the lock of a process
 * that was killed is gone with it, and no number of a dead process is ever mistaken for a living's.
 */
export function lockDataFolder(dataDir: string): () => void {
  const lock = new DatabaseSync(join(dataDir, "database.lock"));
  try {
    lock.exec("begin exclusive");
  } catch (error) {
    lock.close();
    if (error instanceof Error && "errcode" in error && error.errcode === busy) {
      throw new StartError(
        `The data folder ${dataDir} is in use by another Signalbox. Stop that one, or set SIGNALBOX_DATA_DIR to another folder.`,
      );
    }
    throw error;
  }
  return () => {
    if (lock.isOpen) lock.close();
  };
}

/** SQLITE_BUSY: somebody else holds the lock. */
const busy = 5;
