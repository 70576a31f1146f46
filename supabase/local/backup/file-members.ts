import type { ArchiveMember } from "./archive.ts";

/** A file with content of its own for an archive. */
export function fileOf(path: string, bytes: Buffer): ArchiveMember {
  const content = (async function* () {
    yield bytes;
  })();
  return { path, mode: 0o600, bytes: bytes.length, isFolder: false, content };
}

/** A table that is cut meanwhile is cut again by the log, whatever stands there. */
export async function* padded(
  content: AsyncIterable<Buffer>,
  bytes: number,
): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const part of content) {
    left -= part.length;
    yield part;
  }
  for (; left > 0; left -= 65_536) yield Buffer.alloc(Math.min(left, 65_536));
}
