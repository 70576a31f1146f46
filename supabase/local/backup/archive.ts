import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { z } from "zod";
import { padding, readTar, type TarMember, tarEnd, tarHeader } from "./tar.ts";

/** Large, as each portion waits for its turn in a busy process. */
const portionBytes = 1024 * 1024;
const manifestPath = "manifest.json";
const fileSchema = z.object({ bytes: z.int().min(0), sha256: z.string() });

const manifestSchema = z.object({
  format: z.literal(1),
  /** The version of the program that made it. */
  version: z.string(),
  created_at: z.string(),
  database: z.enum(["pglite", "postgres"]),
  files: z.record(z.string(), fileSchema),
});

/** The last member of an archive: what else is in it, with checksums. */
export type Manifest = z.infer<typeof manifestSchema>;

/** A file or folder for an archive. Its content may not be shorter than `bytes`; more is left out. */
export type ArchiveMember = TarMember & { content: AsyncIterable<Buffer> };

/** An archive that cannot be used, in words. */
class ArchiveError extends Error {}

/** A `.tar` of the members under `data/`, and at the end the manifest; compressed by the caller. */
export async function* writeArchive(
  members: AsyncIterable<ArchiveMember>,
  about: Omit<Manifest, "format" | "files">,
): AsyncGenerator<Buffer> {
  const files: Manifest["files"] = {};
  for await (const { content, ...member } of members) {
    const path = `data/${member.path}`;
    yield tarHeader({ ...member, path });
    if (member.isFolder) continue;
    const hash = createHash("sha256");
    let left = member.bytes;
    for await (const chunk of content) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      hash.update(part);
      yield part;
      if (left === 0) break;
    }
    if (left > 0) throw new ArchiveError(`${member.path} became shorter while it was read.`);
    yield padding(member.bytes);
    files[path] = { bytes: member.bytes, sha256: hash.digest("hex") };
  }
  const manifest = Buffer.from(JSON.stringify({ format: 1, ...about, files } satisfies Manifest));
  const entry = { path: manifestPath, mode: 0o600, bytes: manifest.length, isFolder: false };
  yield Buffer.concat([tarHeader(entry), manifest, padding(manifest.length), tarEnd]);
}

/**
 * Reads an archive, packed by gzip or Zstandard, to its end and compares every file with the manifest.
 * @param keep is given each member; its content is read and compared meanwhile
 * @throws ArchiveError if anything is missing, damaged or too much
 */
export async function readArchive(
  file: string,
  keep: (member: ArchiveMember) => Promise<void> = async () => undefined,
): Promise<Manifest> {
  await access(file);
  try {
    return await compare(file, keep);
  } catch (error) {
    if (error instanceof ArchiveError || isDiskError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArchiveError(`${file} is not a whole backup: ${reason}.`);
  }
}

/** Unpacks an archive into a new folder, readable by this user only. */
export async function unpackArchive(file: string, folder: string): Promise<Manifest> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return readArchive(file, async ({ path, isFolder, content }) => {
    const target = join(folder, path);
    await mkdir(isFolder ? target : dirname(target), { recursive: true, mode: 0o700 });
    if (isFolder) return;
    const output = await open(target, "wx", 0o600);
    try {
      for await (const chunk of content) await output.write(chunk);
      await output.sync();
    } finally {
      await output.close();
    }
  });
}

async function compare(
  file: string,
  keep: (member: ArchiveMember) => Promise<void>,
): Promise<Manifest> {
  const options = { chunkSize: portionBytes };
  const unpacker = (await isZstd(file)) ? createZstdDecompress(options) : createGunzip(options);
  const source = createReadStream(file, { highWaterMark: portionBytes });
  const plain: AsyncIterable<Buffer> = pipeline(source, unpacker, () => undefined);
  const found: Manifest["files"] = {};
  let manifest: Manifest | undefined;
  for await (const member of readTar(plain)) {
    if (manifest) throw new Error("something follows its manifest");
    if (member.path === manifestPath) {
      manifest = await parseManifest(file, member.content);
      continue;
    }
    const hash = createHash("sha256");
    const hashed = hashing(member.content, hash.update.bind(hash));
    await keep({ ...member, path: innerPath(member.path), content: hashed });
    for await (const _ of hashed);
    if (!member.isFolder) {
      found[member.path] = { bytes: member.bytes, sha256: hash.digest("hex") };
    }
  }
  if (!manifest) throw new Error("its manifest is missing");
  for (const path of new Set([...Object.keys(found), ...Object.keys(manifest.files)])) {
    const [is, should] = [found[path], manifest.files[path]];
    if (is?.sha256 !== should?.sha256 || is?.bytes !== should?.bytes) {
      throw new Error(`${path} is not as it was written`);
    }
  }
  // To the end, for the checksum of gzip.
  for await (const _ of plain);
  return manifest;
}

async function isZstd(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.readUInt32LE() === 0xfd2fb528;
  } finally {
    await handle.close();
  }
}

async function* hashing(content: AsyncIterable<Buffer>, update: (part: Buffer) => void) {
  for await (const part of content) {
    update(part);
    yield part;
  }
}

async function parseManifest(file: string, content: AsyncIterable<Buffer>): Promise<Manifest> {
  const parts: Buffer[] = [];
  for await (const part of content) parts.push(part);
  const value: unknown = JSON.parse(Buffer.concat(parts).toString());
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  if (z.object({ format: z.number().gt(1) }).safeParse(value).success) {
    throw new ArchiveError(`${file} was made by a newer version of Signalbox. Update this one.`);
  }
  throw new Error("its manifest is damaged");
}

/** A path within the data folder: an archive is a file from somewhere and may name any path. */
function innerPath(path: string): string {
  const parts = path.replace(/\/$/, "").split("/");
  if (
    parts[0] !== "data" ||
    parts.length < 2 ||
    parts.some((part) => /^\.{0,2}$|[\\\0]/.test(part))
  ) {
    throw new Error(`it has a member named ${JSON.stringify(path)}`);
  }
  return parts.slice(1).join("/");
}

/** A disk that fails, and not a path that a damaged archive made up. */
function isDiskError(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return ["EACCES", "EDQUOT", "EIO", "EMFILE", "ENOSPC", "EPERM", "EROFS"].includes(code);
}
