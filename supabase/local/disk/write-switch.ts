import type { PGlite } from "@supabase/lite/pglite";
import type { DiskGuard } from "./disk-guard.ts";

const checkIntervalMs = 200;

/** Lets PGlite only read while its disk is full, as hosted Supabase does: writes fail with 25006. */
export class WriteSwitch {
  readonly #driver: PGlite;
  readonly #guard: DiskGuard;
  #writable = true;
  #nextCheckAt = Number.NEGATIVE_INFINITY;

  constructor(driver: PGlite, guard: DiskGuard) {
    this.#driver = driver;
    this.#guard = guard;
  }

  /** Looks at the disk now and then. The caller holds the connection, outside a transaction. */
  async run(): Promise<void> {
    const now = performance.now();
    if (now < this.#nextCheckAt) return;
    this.#nextCheckAt = now + checkIntervalMs;
    const writable = this.#guard.check();
    if (writable === this.#writable) return;
    await this.#driver.exec(`set default_transaction_read_only = ${writable ? "off" : "on"}`);
    this.#writable = writable;
  }
}
