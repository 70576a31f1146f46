import { toBytes } from "./frame-text.ts";

/** Serialised frames, shared by every viewer that they go to. */
export interface Chunk {
  readonly bytes: Uint8Array;
  /** The frames before the last one, and that one: parts of `bytes`, which viewers share, too. */
  readonly head: Uint8Array;
  readonly last: Uint8Array;
  /** Whether the last frame moves the client's cursor. */
  readonly movesCursor: boolean;
}

/** A chunk of frames, given in order as text. */
export function toChunk(frames: readonly string[], movesCursor: boolean): Chunk {
  const bytes = toBytes(frames.join(""));
  if (frames.length <= 1) return { bytes, head: bytes.subarray(0, 0), last: bytes, movesCursor };
  const lastAt = bytes.byteLength - Buffer.byteLength(frames.at(-1) ?? "");
  return { bytes, head: bytes.subarray(0, lastAt), last: bytes.subarray(lastAt), movesCursor };
}
