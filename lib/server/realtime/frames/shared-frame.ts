import { type Chunk, toChunk } from "./chunk.ts";
import type { FrameForm } from "./frame-form.ts";

/** A frame for many viewers, serialised at most once per form. */
export class SharedFrame {
  readonly #event: string;
  readonly #data: unknown;
  readonly #cursor: string | undefined;
  readonly #chunks = new Map<string, Chunk>();

  constructor(event: string, data: unknown, cursor?: string) {
    this.#event = event;
    this.#data = data;
    this.#cursor = cursor;
  }

  chunk(form: FrameForm): Chunk {
    const known = this.#chunks.get(form.key);
    if (known) return known;
    const text = form.write(this.#event, this.#data, this.#cursor);
    const chunk = toChunk([text], this.#cursor !== undefined);
    this.#chunks.set(form.key, chunk);
    return chunk;
  }
}
