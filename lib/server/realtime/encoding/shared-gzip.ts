import { constants, crc32, deflateRawSync } from "node:zlib";
import type { StreamEncoder } from "./stream-encoder.ts";

/** A member's header: deflate, no name, no time, unknown system (RFC 1952). */
const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
/** Below this a stored block is shorter than a compressed one, and costs nothing to make. */
const storedBelow = 64;

const blocks = new WeakMap<Uint8Array, Uint8Array>();

/**
 * Deflate blocks of one chunk. They refer to nothing before them and end at a byte, so they fit into
 * any stream: a chunk that a thousand viewers share is compressed once.
 */
function blocksOf(chunk: Uint8Array): Uint8Array {
  const known = blocks.get(chunk);
  if (known) return known;
  const made = chunk.byteLength < storedBelow ? stored(chunk) : deflated(chunk);
  blocks.set(chunk, made);
  return made;
}

function deflated(chunk: Uint8Array): Uint8Array {
  // Small tables for small chunks: clearing those of 256 KiB would take longer than compressing.
  const small = chunk.byteLength <= 4096;
  return deflateRawSync(chunk, {
    level: small ? 6 : 1,
    windowBits: small ? 12 : 15,
    memLevel: small ? 5 : 8,
    finishFlush: constants.Z_SYNC_FLUSH,
  });
}

/** A block that is not the last one, holding its bytes as they are. */
function stored(chunk: Uint8Array): Uint8Array {
  const block = new Uint8Array(5 + chunk.byteLength);
  const view = new DataView(block.buffer);
  view.setUint16(1, chunk.byteLength, true);
  view.setUint16(3, ~chunk.byteLength & 0xffff, true);
  block.set(chunk, 5);
  return block;
}

/** One gzip member made of shared blocks. A viewer's own part is the checksum. */
export class SharedGzip implements StreamEncoder {
  #crc = 0;
  #length = 0;
  #begun = false;

  encode(chunk: Uint8Array): Uint8Array {
    this.#crc = crc32(chunk, this.#crc);
    this.#length += chunk.byteLength;
    const body = blocksOf(chunk);
    if (this.#begun) return body;
    this.#begun = true;
    return Buffer.concat([header, body]);
  }

  end(): Uint8Array {
    const trailer = Buffer.alloc(this.#begun ? 10 : 20);
    if (!this.#begun) trailer.set(header);
    const at = trailer.byteLength - 10;
    // An empty last block.
    trailer[at] = 3;
    trailer.writeUInt32LE(this.#crc, at + 2);
    trailer.writeUInt32LE(this.#length % 2 ** 32, at + 6);
    return trailer;
  }

  close(): void {}
}
