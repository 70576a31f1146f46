import type { Transform } from "node:stream";
import { constants, createBrotliCompress, createZstdCompress } from "node:zlib";
import type { StreamEncoder } from "./stream-encoder.ts";

type Compressor = Transform & { flush(callback: () => void): void };

/** Windows of 64 KiB: a viewer's context stays below some 300 kB. */
const compressors: Record<"br" | "zstd", () => Compressor> = {
  br: () =>
    createBrotliCompress({
      flush: constants.BROTLI_OPERATION_PROCESS,
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 3,
        [constants.BROTLI_PARAM_LGWIN]: 16,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      },
    }),
  zstd: () =>
    createZstdCompress({
      params: {
        [constants.ZSTD_c_compressionLevel]: 1,
        [constants.ZSTD_c_windowLog]: 16,
      },
    }),
};

/** Compresses one viewer's stream with a context of its own, and flushes after each chunk. */
export function contextEncoder(encoding: "br" | "zstd"): StreamEncoder {
  const compressor = compressors[encoding]();
  let parts: Uint8Array[] = [];
  let fail = (_error: Error) => {};
  compressor.on("data", (part: Uint8Array) => parts.push(part));
  compressor.on("error", (error) => fail(error));
  const step = (run: (done: () => void) => void) =>
    new Promise<Uint8Array>((resolve, reject) => {
      fail = reject;
      run(() => {
        const taken = parts;
        parts = [];
        resolve(Buffer.concat(taken));
      });
    });
  return {
    encode: (chunk) =>
      step((done) => {
        compressor.write(chunk);
        compressor.flush(done);
      }),
    end: () =>
      step((done) => {
        compressor.once("end", done);
        compressor.end();
      }),
    close: () => void compressor.destroy(),
  };
}
