import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { z } from "zod";
import { writeFileDurably } from "../durable-file.ts";

const positionSchema = z.object({
  /** Random per spool, so that batch ids never repeat those of an earlier job with the same id. */
  nonce: z.string(),
  segment: z.int(),
  /** Bytes of the segment that the dashboard has acknowledged. */
  from: z.int(),
  /** End of the window that is being sent; equal to `from` between windows. */
  to: z.int(),
});
export type SpoolPosition = z.infer<typeof positionSchema>;

const COMPACT_AT_BYTES = 1 << 20;

/**
 * Persists what was acknowledged and where the window in flight ends, so that a resend after a crash has
 * the same id and content.
 */
export class SpoolCursor {
  readonly #path: string;
  #file: FileHandle;
  #bytes = 0;
  position: SpoolPosition;

  private constructor(path: string, file: FileHandle, position: SpoolPosition) {
    this.#path = path;
    this.#file = file;
    this.position = position;
  }

  static async open(path: string, firstSegment: number): Promise<SpoolCursor> {
    const fresh = { nonce: randomBytes(9).toString("base64url"), segment: firstSegment };
    const position = lastPosition(path) ?? { ...fresh, from: 0, to: 0 };
    writeFileDurably(path, [`${JSON.stringify(position)}\n`]);
    return new SpoolCursor(path, await open(path, "a", 0o600), position);
  }

  /** Records a position; `durable` waits until it is on disk. */
  async write(change: Partial<SpoolPosition>, durable: boolean): Promise<void> {
    this.position = { ...this.position, ...change };
    const line = `${JSON.stringify(this.position)}\n`;
    this.#bytes += line.length;
    if (this.#bytes > COMPACT_AT_BYTES) {
      this.#bytes = 0;
      writeFileDurably(this.#path, [line]);
      await this.#file.close();
      this.#file = await open(this.#path, "a", 0o600);
      return;
    }
    await this.#file.appendFile(line);
    if (durable) await this.#file.datasync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function lastPosition(path: string): SpoolPosition | null {
  let lines: string[];
  try {
    lines = readFileSync(path, "utf8").split("\n");
  } catch {
    return null;
  }
  for (const line of lines.reverse()) {
    try {
      return positionSchema.parse(JSON.parse(line));
    } catch {
      // Truncated last line: use the one before it.
    }
  }
  return null;
}
