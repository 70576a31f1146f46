import { pipeline, Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { setImmediate as letOthersRun } from "node:timers/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { AppError } from "./errors";
import { JsonCount } from "./json-count";

const decompressors = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
} as const;

/** The steps of reading a longer text are turns of their own. */
export const largeText = 256 * 1024;

interface ReadOptions {
  maxBytes: number;
  /** No body counts as `{}`. Servers may represent an absent body as an empty stream. */
  orEmpty?: boolean;
}

/**
 * Reads and parses a JSON body of at most `maxBytes` after decompression.
 * @throws AppError too_large, bad_request (not JSON, not UTF-8, corrupt, too many values),
 *   unsupported (encoding)
 */
export async function readJson(
  request: Request,
  { maxBytes, orEmpty = false }: ReadOptions,
): Promise<{ value: unknown; text: string }> {
  const declared = Number(request.headers.get("content-length"));
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const bytes = request.body ? await collect(decompress(request), maxBytes) : new Uint8Array();
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new AppError("bad_request", "The body is not valid UTF-8.");
  }
  if (text === "") {
    if (orEmpty) return { value: {}, text };
    throw new AppError("bad_request", "The request has no body.");
  }
  const large = text.length > largeText;
  if (large) await letOthersRun();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError("bad_request", "The body is not valid JSON.");
  }
  if (large) await letOthersRun();
  value = storable(value, unstorable.test(text));
  if (large) await letOthersRun();
  return { value, text };
}

function decompress(request: Request): AsyncIterable<Uint8Array> {
  const body = Readable.fromWeb(request.body as NodeReadableStream);
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase();
  if (!encoding || encoding === "identity") return body;
  if (!Object.hasOwn(decompressors, encoding)) {
    throw new AppError("unsupported", "Content-Encoding must be gzip, deflate or br.");
  }
  const decompressor = decompressors[encoding as keyof typeof decompressors]();
  // The last stream's reader sees every error; `compose` would hang after some of them.
  pipeline(body, decompressor, () => {});
  return decompressor;
}

async function collect(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const count = new JsonCount();
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      count.add(chunk);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("bad_request", "The body is incomplete or corrupt.", { cause: error });
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    "too_large",
    `The body is larger than ${Math.round(maxBytes / 1024)} KiB after decompression.`,
  );
}

/** Valid JSON escapes that PostgreSQL text cannot store: NUL and lone surrogates. */
const unstorable = /\\u0000|\\u[dD][89a-fA-F]/;

/** Replaces NUL by `␀` and a lone surrogate by `�`; all other text is kept. */
export function storableText(text: string): string {
  return text.replaceAll("\0", "␀").toWellFormed();
}

/** Deeper than any sensible document; extreme nesting would overflow the stack. */
const maxDepth = 100;

/**
 * A parsed document in the form that the database can store.
 * @throws AppError bad_request for excessive nesting, and for numbers beyond double precision, which
 *   would not come back the same
 */
function storable(value: unknown, clean: boolean, depth = 0): unknown {
  if (typeof value === "string") return clean ? storableText(value) : value;
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new AppError(
      "bad_request",
      "The body contains a number beyond the range of double precision.",
    );
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth === maxDepth) {
    throw new AppError("bad_request", `The body is nested more than ${maxDepth} levels deep.`);
  }
  if (Array.isArray(value)) {
    if (clean) return value.map((item) => storable(item, true, depth + 1));
    for (const item of value) storable(item, false, depth + 1);
    return value;
  }
  if (!clean) {
    for (const name in value) storable(value[name as keyof typeof value], false, depth + 1);
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      storableText(name),
      storable(item, true, depth + 1),
    ]),
  );
}
