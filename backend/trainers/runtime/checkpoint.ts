import { createHash } from "node:crypto";
import { endianness } from "node:os";
import { z } from "zod";
import type { Snapshot } from "../trainer.ts";
import { trainerReferenceSchema } from "../trainer-reference.ts";

// Layout: magic (8) · SHA-256 of the rest (32) · header length (4, little endian) ·
// header (JSON) · the tensors as little-endian float32, in the header's order.
const MAGIC = Buffer.from("SBXCKPT1");
const DIGEST_AT = MAGIC.length;
const LENGTH_AT = DIGEST_AT + 32;
const HEADER_AT = LENGTH_AT + 4;

const headerSchema = trainerReferenceSchema.extend({
  step: z.int(),
  epoch: z.int(),
  /** Training is complete; there is nothing to resume. */
  final: z.boolean(),
  created_at: z.string(),
  state: z.unknown(),
  tensors: z.array(z.object({ name: z.string(), length: z.int().min(0) })),
});

export type CheckpointHeader = Omit<z.infer<typeof headerSchema>, "tensors">;

export interface Checkpoint {
  header: CheckpointHeader;
  snapshot: Snapshot;
}

/** A checkpoint's bytes differ from those that were written. */
class DamagedCheckpointError extends Error {
  override name = "DamagedCheckpointError";
}

/** Serialises a snapshot, with a header that allows to recreate its trainer. */
export function encodeCheckpoint(
  header: Omit<CheckpointHeader, "state">,
  snapshot: Snapshot,
): Uint8Array[] {
  if (endianness() !== "LE") throw new Error("checkpoints are written on little-endian machines");
  const head = Buffer.from(
    JSON.stringify({
      ...header,
      state: snapshot.state,
      tensors: snapshot.tensors.map(({ name, data }) => ({ name, length: data.length })),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  const body = [
    length,
    head,
    ...snapshot.tensors.map(
      ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    ),
  ];
  const digest = createHash("sha256");
  for (const part of body) digest.update(part);
  return [MAGIC, digest.digest(), ...body];
}

/** Parses a checkpoint; throws `DamagedCheckpointError` if any byte differs. */
export function decodeCheckpoint(bytes: Buffer): Checkpoint {
  if (bytes.length < HEADER_AT || !bytes.subarray(0, DIGEST_AT).equals(MAGIC)) {
    throw new DamagedCheckpointError("not a checkpoint, or truncated");
  }
  const digest = createHash("sha256").update(bytes.subarray(LENGTH_AT)).digest();
  if (!digest.equals(bytes.subarray(DIGEST_AT, LENGTH_AT))) {
    throw new DamagedCheckpointError("the checksum does not match");
  }
  const headerLength = bytes.readUInt32LE(LENGTH_AT);
  const json = bytes.subarray(HEADER_AT, HEADER_AT + headerLength).toString();
  const { tensors: shapes, ...header } = headerSchema.parse(JSON.parse(json));
  let at = HEADER_AT + headerLength;
  const tensors = shapes.map(({ name, length }) => {
    // Copied, because a Float32Array must start at a multiple of four bytes.
    const data = new Float32Array(Uint8Array.from(bytes.subarray(at, at + length * 4)).buffer);
    at += length * 4;
    return { name, data };
  });
  return { header, snapshot: { state: header.state, tensors } };
}
