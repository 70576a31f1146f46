const block = 512;

/** One member of an archive. A folder has no content. */
export type TarMember = {
  path: string;
  mode: number;
  bytes: number;
  isFolder: boolean;
};

/** Zeros up to the next whole block. */
export function padding(bytes: number): Buffer {
  return Buffer.alloc((block - (bytes % block)) % block);
}

/** What marks the end of an archive. */
export const tarEnd = Buffer.alloc(2 * block);

/** The header of a member in the format of POSIX (pax), which every `tar` reads. */
export function tarHeader(member: TarMember): Buffer {
  const extended = extendedRecords(member);
  if (extended.length === 0) return header(member, member.isFolder ? "5" : "0");
  const described = { path: "pax", mode: 0o600, bytes: extended.length, isFolder: false };
  return Buffer.concat([
    header(described, "x"),
    extended,
    padding(extended.length),
    header(member, member.isFolder ? "5" : "0"),
  ]);
}

/** What does not fit into the old header: long paths, and files of 8 GiB or more. */
function extendedRecords({ path, bytes }: TarMember): Buffer {
  const records: string[] = [];
  if (Buffer.byteLength(path) > 100) records.push(paxRecord("path", path));
  if (bytes >= 8 ** 11) records.push(paxRecord("size", String(bytes)));
  return Buffer.from(records.join(""));
}

/** A record begins with its own length in bytes, the digits of that number included. */
function paxRecord(name: string, value: string): string {
  const rest = ` ${name}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  const digits = String(bytes + String(bytes).length).length;
  return `${bytes + digits}${rest}`;
}

function header({ path, mode, bytes }: TarMember, type: string): Buffer {
  const buffer = Buffer.alloc(block);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width, "0")}\0`;
  buffer.write(path, 0, 100);
  buffer.write(octal(mode & 0o777, 7), 100);
  buffer.write(octal(0, 7), 108);
  buffer.write(octal(0, 7), 116);
  buffer.write(octal(bytes < 8 ** 11 ? bytes : 0, 11), 124);
  buffer.write(octal(0, 11), 136);
  buffer.write("        ", 148);
  buffer.write(type, 156);
  buffer.write("ustar\x0000", 257);
  const sum = buffer.reduce((total, byte) => total + byte, 0);
  buffer.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return buffer;
}

/** The content of a member has to be read, or skipped, before the next one. */
export type TarReader = AsyncGenerator<TarMember & { content: AsyncIterable<Buffer> }>;

/**
 * Reads the members of an archive, one after another.
 * @throws Error where it is cut short or not an archive
 */
export async function* readTar(source: AsyncIterable<Buffer>): TarReader {
  const bytes = new ByteReader(source);
  let extended: Record<string, string> = {};
  for (;;) {
    const buffer = await bytes.take(block);
    if (buffer.every((byte) => byte === 0)) return;
    const { type, ...member } = parseHeader(buffer);
    if (type === "x") {
      extended = parseRecords(await bytes.take(member.bytes));
      await bytes.take(padding(member.bytes).length);
      continue;
    }
    if (extended.path !== undefined) member.path = extended.path;
    if (extended.size !== undefined) member.bytes = Number(extended.size);
    extended = {};
    const content = bytes.portions(member.bytes);
    yield { ...member, content };
    for await (const _ of content);
    await bytes.take(padding(member.bytes).length);
  }
}

function parseHeader(buffer: Buffer): TarMember & { type: string } {
  const text = (start: number, length: number) =>
    buffer
      .toString("utf8", start, start + length)
      .split("\0")[0]
      ?.trim() ?? "";
  const octal = (start: number, length: number) => Number.parseInt(text(start, length) || "0", 8);
  const sum = buffer.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (octal(148, 8) !== sum) throw new Error("it is damaged");
  const type = text(156, 1);
  return {
    path: text(0, 100),
    mode: octal(100, 8),
    bytes: octal(124, 12),
    isFolder: type === "5",
    type,
  };
}

function parseRecords(buffer: Buffer): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < buffer.length; ) {
    const space = buffer.indexOf(" ", at);
    const length = Number(buffer.toString("latin1", at, space));
    if (!(length > 0)) throw new Error("it is damaged");
    const [name = "", ...value] = buffer.toString("utf8", space + 1, at + length - 1).split("=");
    records[name] = value.join("=");
    at += length;
  }
  return records;
}

/** Takes as many bytes from a stream as are wanted. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #left: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async take(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.portions(bytes)) parts.push(part);
    return Buffer.concat(parts);
  }

  async *portions(bytes: number): AsyncGenerator<Buffer> {
    for (let wanted = bytes; wanted > 0; ) {
      if (this.#left.length === 0) {
        const next = await this.#source.next();
        if (next.done) throw new Error("it is cut short");
        this.#left = next.value;
      }
      const part = this.#left.subarray(0, wanted);
      this.#left = this.#left.subarray(part.length);
      wanted -= part.length;
      yield part;
    }
  }
}
