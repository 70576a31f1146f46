import { appendFileSync, renameSync, rmSync, statSync } from "node:fs";

interface LogFileOptions {
  maxBytes?: number;
  /** How many older files are kept: `.1` is the newest. */
  keep?: number;
}

/** A log of lines that starts a new file when it has grown, and keeps the last ones. */
export class LogFile {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #keep: number;
  #bytes: number;

  constructor(path: string, { maxBytes = 10 * 1024 * 1024, keep = 3 }: LogFileOptions = {}) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#keep = keep;
    this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Appends a line. A full or unwritable disk loses it: logging must not stop what it logs. */
  write(line: string): void {
    const text = `${line}\n`;
    const bytes = Buffer.byteLength(text);
    try {
      if (this.#bytes > 0 && this.#bytes + bytes > this.#maxBytes) this.#rotate();
      appendFileSync(this.#path, text, { mode: 0o600 });
      this.#bytes += bytes;
    } catch {
      // There is nowhere left to say so.
    }
  }

  #rotate(): void {
    rmSync(`${this.#path}.${this.#keep}`, { force: true });
    for (let number = this.#keep - 1; number >= 0; number--) {
      const from = number === 0 ? this.#path : `${this.#path}.${number}`;
      if (statSync(from, { throwIfNoEntry: false }))
        renameSync(from, `${this.#path}.${number + 1}`);
    }
    this.#bytes = 0;
  }
}
