import type { StreamEncoding } from "./accepted-encoding.ts";
import { contextEncoder } from "./context-encoder.ts";
import { SharedGzip } from "./shared-gzip.ts";
import type { StreamEncoder } from "./stream-encoder.ts";

const identity: StreamEncoder = { encode: (chunk) => chunk, end: () => null, close: () => {} };

const encoders: Record<StreamEncoding, () => StreamEncoder> = {
  gzip: () => new SharedGzip(),
  br: () => contextEncoder("br"),
  zstd: () => contextEncoder("zstd"),
  identity: () => identity,
};

export function createEncoder(encoding: StreamEncoding): StreamEncoder {
  return encoders[encoding]();
}
