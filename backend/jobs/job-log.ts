import { appendFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { z } from "zod";

const lineSchema = z.object({
  stream: z.enum(["stdout", "stderr"]),
  text: z.string(),
  ts: z.number(),
});
export type LogLine = z.infer<typeof lineSchema>;

const PAGE_BYTES = 256 * 1024;

/** Appends a line. A full disk loses it: logging must not stop what it logs. */
export function appendLog(path: string, line: LogLine): void {
  try {
    appendFileSync(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  } catch {
    // There is nowhere left to say so.
  }
}

/** Reads a job's log from a byte offset; also returns the offset of the next page. */
export async function readLog(
  path: string,
  afterOffset: number,
): Promise<{ lines: (LogLine & { offset: number })[]; next_offset: number }> {
  const file = await open(path, "r").catch(() => null);
  if (!file) return { lines: [], next_offset: afterOffset };
  try {
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(PAGE_BYTES),
      0,
      PAGE_BYTES,
      afterOffset,
    );
    const lines: (LogLine & { offset: number })[] = [];
    let at = 0;
    for (let end = 0; ; at = end) {
      end = buffer.subarray(0, bytesRead).indexOf(0x0a, at) + 1;
      if (end === 0) break;
      const parsed = parseLine(buffer.toString("utf8", at, end));
      if (parsed) lines.push({ offset: afterOffset + at, ...parsed });
    }
    // Skip a line longer than a page, so that the reader does not get stuck.
    const next = at === 0 && bytesRead === PAGE_BYTES ? bytesRead : at;
    return { lines, next_offset: afterOffset + next };
  } finally {
    await file.close();
  }
}

function parseLine(text: string): LogLine | null {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
