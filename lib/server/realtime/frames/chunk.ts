import { toBytes } from "./frame-text.ts";

/** Serialised frames, shared by every viewer that they go to. */
export interface Chunk {
  readonly bytes: Uint8Array;
  /** Where the last frame begins. */
  readonly lastFrameAt: number;
  /** Whether the last frame moves the client's cursor. */
  readonly movesCursor: boolean;
}

/** A chunk of frames, given in order as text. */
export function toChunk(frames: readonly string[], movesCursor: boolean): Chunk {
  const bytes = toBytes(frames.join(""));
  const last = frames.length > 1 ? Buffer.byteLength(frames.at(-1) ?? "") : bytes.byteLength;
  return { bytes, lastFrameAt: bytes.byteLength - last, movesCursor };
}
