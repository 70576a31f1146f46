import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { PGlite } from "@supabase/lite/pglite";

const bytes = 32;

/**
 * Remembers beside the database how far its write-ahead log had been written, to notice after a crash
 * that the log has lost its end: rows that viewers may have seen are then gone, and their numbers
 * would be given again. What was written after the last note, a fraction of a second, goes unnoticed.
 */
export class WalPosition {
  readonly #driver: PGlite;
  readonly #file: number;
  #lost = false;

  private constructor(driver: PGlite, file: number) {
    this.#driver = driver;
    this.#file = file;
  }

  /** Opens the note of a database that was just opened; its recovery is over. */
  static async open(driver: PGlite, folder: string): Promise<WalPosition> {
    const file = openSync(
      join(folder, "signalbox-wal-position"),
      constants.O_RDWR | constants.O_CREAT,
      0o600,
    );
    const position = new WalPosition(driver, file);
    await position.#compare();
    return position;
  }

  /** Whether the log ended before a position that had been noted. */
  get lost(): boolean {
    return this.#lost;
  }

  /** The loss has been dealt with: from now on positions are noted again. */
  forgetLoss(): void {
    this.#lost = false;
  }

  /** Notes how far the log is written. In place, so that a crash leaves the old note or the new one. */
  note(position: string): void {
    if (!this.#lost) writeSync(this.#file, position.padEnd(bytes), 0);
  }

  close(): void {
    closeSync(this.#file);
  }

  async #compare(): Promise<void> {
    const buffer = Buffer.alloc(bytes);
    const noted = buffer.toString("latin1", 0, readSync(this.#file, buffer, 0, bytes, 0)).trim();
    if (!/^[0-9A-F]+\/[0-9A-F]+$/i.test(noted)) return;
    // Recovery ends with a checkpoint, which begins where the log ended.
    const { rows } = await this.#driver.query<{ lost: boolean }>(
      "select $1::pg_lsn > redo_lsn as lost from pg_control_checkpoint()",
      [noted],
    );
    this.#lost = rows[0]?.lost ?? false;
  }
}
