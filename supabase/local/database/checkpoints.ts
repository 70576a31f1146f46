import type { PGlite } from "@supabase/lite/pglite";
import type { WalPosition } from "./wal-position.ts";

/** Write-ahead log since the last checkpoint that makes the next one due. */
const maxBytes = 64 * 1024 * 1024;
/** The same for a database that has nothing else to do. */
const idleBytes = 8 * 1024 * 1024;
const checkIntervalMs = 200;
const retryMs = 5_000;

/**
 * Settings for PGlite's start. A checkpoint keeps finished files of the log for reuse; without this it
 * would keep up to 1 GB of them.
 */
export const walSettings = ["-c", "max_wal_size=128MB"];

/**
 * Makes PGlite's checkpoints. PostgreSQL leaves them to a background process, which PGlite has not:
 * without any, the log grows until the database is closed, and is replayed whole after a crash.
 */
export class Checkpoints {
  readonly #driver: PGlite;
  readonly #position: WalPosition | undefined;
  #nextCheckAt = Number.NEGATIVE_INFINITY;
  #holds = 0;

  constructor(driver: PGlite, position: WalPosition | undefined) {
    this.#driver = driver;
    this.#position = position;
  }

  /** Keeps the log as it grows, for a copy of the files, until `release`. */
  hold(): void {
    this.#holds += 1;
  }

  release(): void {
    this.#holds -= 1;
  }

  /**
   * Writes a checkpoint if one is due. The caller holds the connection, outside a transaction; a
   * failure is only logged, because what is in the log is safe without it.
   */
  async run({ idle }: { idle: boolean }): Promise<void> {
    const now = performance.now();
    if (this.#holds > 0) return;
    if (!idle && now < this.#nextCheckAt) return;
    this.#nextCheckAt = now + checkIntervalMs;
    try {
      if ((await this.#bytesToReplay()) > (idle ? idleBytes : maxBytes)) {
        await this.#driver.exec("checkpoint");
      }
    } catch (error) {
      console.error("The checkpoint failed and will be tried again:", error);
      this.#nextCheckAt = performance.now() + retryMs;
    }
  }

  async #bytesToReplay(): Promise<number> {
    const { rows } = await this.#driver.query<{ bytes: number; written: string }>(
      `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 as bytes,
         pg_current_wal_flush_lsn()::text as written
       from pg_control_checkpoint()`,
    );
    const [row] = rows;
    if (row) this.#position?.note(row.written);
    return row?.bytes ?? 0;
  }
}
