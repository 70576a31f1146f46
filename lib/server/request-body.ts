import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { ingestLimits } from "@/lib/contracts/ingest";
import { AppError } from "./errors";

const decompressors = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
} as const;

/**
 * Reads and parses a JSON body of at most `maxBytes` after decompression.
 * @throws AppError too_large, bad_request (not JSON, not UTF-8, damaged), unsupported (encoding)
 */
export async function readJson(
  request: Request,
  maxBytes: number = ingestLimits.bodyBytes,
): Promise<{ value: unknown; text: string }> {
  const declared = Number(request.headers.get("content-length"));
  if (declared > maxBytes) throw tooLarge(maxBytes);
  if (!request.body) throw new AppError("bad_request", "The request has no body.");
  const bytes = await collect(decompress(request), maxBytes);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new AppError("bad_request", "The body is not valid UTF-8.");
  }
  try {
    return { value: cleanText(text, JSON.parse(text)), text };
  } catch {
    throw new AppError("bad_request", "The body is not valid JSON.");
  }
}

function decompress(request: Request): AsyncIterable<Uint8Array> {
  const body = Readable.fromWeb(request.body as NodeReadableStream);
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase();
  if (!encoding || encoding === "identity") return body;
  if (!(encoding in decompressors)) {
    throw new AppError("unsupported", "Content-Encoding must be gzip, deflate or br.");
  }
  return body.compose(decompressors[encoding as keyof typeof decompressors]());
}

async function collect(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("bad_request", "The body broke off or is damaged.", { cause: error });
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    "too_large",
    `The body is larger than ${Math.round(maxBytes / 1024)} KiB after decompression.`,
  );
}

/** What JSON may escape but PostgreSQL's text cannot hold: NUL and halves of surrogate pairs. */
const unstorable = /\\u0000|\\u[dD][89a-fA-F]/;

/** Shows NUL as `␀` and a lone surrogate as `�`; everything else is kept as it came. */
function cleanText(source: string, value: unknown): unknown {
  return unstorable.test(source) ? clean(value) : value;
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("\0", "␀").toWellFormed();
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [clean(key) as string, clean(item)]),
  );
}
