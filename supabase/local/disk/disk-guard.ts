import { freeBytesNow, megabyte } from "../../../lib/disk/free-space.ts";
import type { Log } from "../log.ts";
import { StartError } from "../start-error.ts";
import { DiskReserve, reserveBytes } from "./disk-reserve.ts";

/** With less than this the database may fail in the middle of a transaction, for good. */
const criticalBytes = 48 * megabyte;
const writableAgainBytes = criticalBytes + 16 * megabyte;

interface DiskGuardOptions {
  dataDir: string;
  /** Below this the dashboard refuses new rows; the reserve never takes from it. */
  minFreeBytes: number;
  log: Log;
  free?: () => number;
}

/**
 * Watches the disk under the embedded database, which would never respond again once a write to its log
 * found no room. First the reserve is given up, then the database only reads; with room it writes again.
 */
export class DiskGuard {
  readonly #reserve: DiskReserve;
  readonly #options: DiskGuardOptions;
  readonly #free: () => number;
  #writable = true;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
    this.#reserve = new DiskReserve(options.dataDir);
    this.#free = options.free ?? (() => freeBytesNow(options.dataDir));
  }

  /** Gives up the reserve where the database needs its room to open. Throws a `StartError` without any. */
  requireRoom(): void {
    if (this.#free() < criticalBytes) this.#reserve.release();
    const free = this.#free();
    if (free >= criticalBytes) return;
    throw new StartError(
      `The disk with the data folder ${this.#options.dataDir} is full: ${inWords(free)} left, and the database needs ${inWords(criticalBytes)} to open. Make room, or set SIGNALBOX_DATA_DIR to a folder on another disk.`,
    );
  }

  /** Looks at the disk, and returns whether the database may write. */
  check(): boolean {
    const { log } = this.#options;
    let free = this.#free();
    if (free < criticalBytes && this.#reserve.held) {
      this.#reserve.release();
      log(`The disk is full (${inWords(free)} left). The reserve was given up for the database.`);
      free = this.#free();
    }
    if (this.#writable && free < criticalBytes) {
      this.#writable = false;
      log(`The disk is full (${inWords(free)} left). The database only reads until there is room.`);
    } else if (!this.#writable && free >= writableAgainBytes) {
      this.#writable = true;
      log(`The disk has room again (${inWords(free)}). The database writes again.`);
    }
    return this.#writable;
  }

  /** Takes the reserve, if that leaves enough for the rest. */
  replenish(): void {
    if (this.#reserve.held) return;
    const rest = Math.max(this.#options.minFreeBytes, 2 * writableAgainBytes);
    if (this.#free() - reserveBytes >= rest) this.#reserve.take();
  }
}

function inWords(bytes: number): string {
  return `${Math.floor(bytes / megabyte)} MB`;
}
