import type { Transform } from "node:stream";
import {
  brotliDecompressSync,
  createBrotliDecompress,
  createGunzip,
  createZstdDecompress,
  gunzipSync,
  zstdDecompressSync,
} from "node:zlib";
import { describe, expect, it } from "vitest";
import { createEncoder } from "./create-encoder.ts";
import type { StreamEncoder } from "./stream-encoder.ts";

const frame = (n: number, length = 200) =>
  Buffer.from(
    `id: g-${n}\nevent: logs\ndata: ${JSON.stringify({ text: "öß€".repeat(length) })}\n\n`,
  );

const codings = {
  gzip: { decoder: createGunzip, whole: gunzipSync },
  br: { decoder: createBrotliDecompress, whole: brotliDecompressSync },
  zstd: { decoder: createZstdDecompress, whole: zstdDecompressSync },
} satisfies Record<string, { decoder: () => Transform; whole: (body: Buffer) => Buffer }>;

async function bodyOf(encoder: StreamEncoder, chunks: Uint8Array[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (const chunk of chunks) parts.push(await encoder.encode(chunk));
  const last = await encoder.end();
  encoder.close();
  return Buffer.concat(last ? [...parts, last] : parts);
}

describe.each(["gzip", "br", "zstd"] as const)("a stream encoded as %s", (coding) => {
  const { decoder, whole } = codings[coding];

  it("lets the client read each chunk whole, before the next one is made", async () => {
    const encoder = createEncoder(coding);
    const client = decoder();
    const parts = client[Symbol.asyncIterator]();
    const chunks = [frame(1), frame(2, 0), frame(3, 50_000), Buffer.from("id: g-4\n"), frame(5)];
    for (const chunk of chunks) {
      client.write(await encoder.encode(chunk));
      let read = Buffer.alloc(0);
      while (read.byteLength < chunk.byteLength) {
        read = Buffer.concat([read, (await parts.next()).value as Buffer]);
      }
      expect(read.equals(chunk)).toBe(true);
    }
    encoder.close();
    client.destroy();
  });

  it("is one complete body, with a checksum that holds", async () => {
    const chunks = Array.from({ length: 60 }, (_, n) => frame(n, (n * 37) % 300));
    const body = await bodyOf(createEncoder(coding), chunks);
    expect(whole(body).equals(Buffer.concat(chunks))).toBe(true);
    expect(body.byteLength).toBeLessThan(Buffer.concat(chunks).byteLength / 3);
  });

  it("is complete without any chunk", async () => {
    expect(whole(await bodyOf(createEncoder(coding), [])).byteLength).toBe(0);
  });
});

it("compresses a chunk once for all viewers that accept gzip, wherever it lies in their streams", () => {
  const [mine, yours] = [createEncoder("gzip"), createEncoder("gzip")];
  mine.encode(frame(1));
  yours.encode(frame(2, 9));
  yours.encode(frame(3));
  const shared = frame(4);
  const encoded = mine.encode(shared);
  expect(yours.encode(shared)).toBe(encoded);
  expect(mine.encode(Buffer.from(shared))).not.toBe(encoded);
});
