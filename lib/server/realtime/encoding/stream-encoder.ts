/** Encodes the body of one stream. Each result decodes to its whole chunk as soon as it arrives. */
export interface StreamEncoder {
  /** Called for one chunk at a time. */
  encode(chunk: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** What closes the body; null: nothing. */
  end(): Uint8Array | Promise<Uint8Array> | null;
  /** Frees what it holds. May run twice. */
  close(): void;
}
