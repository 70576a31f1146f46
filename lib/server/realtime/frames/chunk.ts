import { toBytes } from "./frame-text.ts";

/** Serialised frames, shared by every viewer that they go to. */
export interface Chunk {
  readonly bytes: Uint8Array;
  /** How many frames these are. */
  readonly count: number;
  /** The frames before the last one, and that one: parts of `bytes`, which viewers share, too. */
  readonly head: Uint8Array;
  readonly last: Uint8Array;
  /** Whether the last frame moves the client's cursor. */
  readonly movesCursor: boolean;
}

/** A chunk of frames, given in order as text. */
export function toChunk(frames: readonly string[], movesCursor: boolean): Chunk {
  const bytes = toBytes(frames.join(""));
  const count = frames.length;
  if (count <= 1) return { bytes, count, head: bytes.subarray(0, 0), last: bytes, movesCursor };
  const lastAt = bytes.byteLength - Buffer.byteLength(frames.at(-1) ?? "");
  const [head, last] = [bytes.subarray(0, lastAt), bytes.subarray(lastAt)];
  return { bytes, count, head, last, movesCursor };
}
