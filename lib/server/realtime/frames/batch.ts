import type { Job } from "@signalbox/protocol/job/job";
import { formatCursor } from "@signalbox/protocol/stream/cursor";
import type { StoredTuple, StreamRow } from "@signalbox/protocol/stream/stream-row";
import { type Chunk, toChunk } from "./chunk.ts";
import type { FrameForm } from "./frame-form.ts";
import { framesFor, metricFrames, rowPasses } from "./row-framing.ts";
import { passingSeries, type StreamFilter } from "./stream-filter.ts";

/**
 * The rows of one read, serialised at most once per filter and form, whatever the number of viewers.
 * It covers every seq in (after, last], whether a row passes a filter or not.
 */
export class Batch {
  readonly generation: string;
  readonly after: number;
  readonly last: number;
  readonly rows: readonly StreamRow[];
  /** The current job, carried by the newest status row. */
  readonly #job: Job | null;
  readonly #rendered = new Map<string, Chunk | null>();

  readonly #hasPredictions: boolean;

  /**
   * `through`: the read is complete up to this seq even if it has no row there. `predictions`: its
   * rows of predictions are filled in.
   */
  constructor(
    generation: string,
    after: number,
    rows: readonly StreamRow[],
    job: Job | null,
    { through = after, predictions = true } = {},
  ) {
    this.#hasPredictions = predictions || rows.every(({ stream }) => stream !== "prediction");
    this.generation = generation;
    this.after = after;
    this.rows = rows;
    this.last = rows.at(-1)?.seq ?? Math.max(after, through);
    this.#job = job;
  }

  /** Rough memory cost in bytes: its rows and what has been serialised so far. */
  get cost(): number {
    let bytes = this.rows.length * 200;
    for (const chunk of this.#rendered.values()) bytes += chunk?.bytes.byteLength ?? 0;
    return bytes;
  }

  /** Whether it was read with all that a filter needs. */
  serves(filter: StreamFilter): boolean {
    return this.#hasPredictions || !filter.needsPredictions;
  }

  /** Frames of the rows after `cursor` that pass the filter; null when none does. */
  chunk(filter: StreamFilter, cursor: number, form: FrameForm): Chunk | null {
    if (cursor > this.after) {
      const rest = this.rows.filter((row) => row.seq > cursor);
      if (rest.length < this.rows.length) return this.#render(filter, rest, form);
    }
    const key = `${form.key} ${filter.key}`;
    const known = this.#rendered.get(key);
    if (known !== undefined) return known;
    const chunk = this.#render(filter, this.rows, form);
    this.#rendered.set(key, chunk);
    return chunk;
  }

  #render(filter: StreamFilter, rows: readonly StreamRow[], form: FrameForm): Chunk | null {
    const jobSeq = this.#job ? rows.findLast((row) => row.stream === "status")?.seq : undefined;
    const frames: string[] = [];
    // Only the last carries the cursor, which never runs ahead of what was delivered.
    const write = (event: string, all: readonly unknown[], cursor: string) => {
      all.forEach((data, index) => {
        frames.push(form.write(event, data, index === all.length - 1 ? cursor : undefined));
      });
    };
    let merged = new Map<string, StoredTuple[]>();
    let mergedSeq = 0;
    const flush = () => {
      if (merged.size === 0) return;
      write("metrics", metricFrames(merged, filter.full), this.#id(mergedSeq));
      merged = new Map();
    };
    for (const row of rows) {
      if (row.stream === "metrics") {
        const series = passingSeries(filter, row);
        if (series.length === 0) continue;
        for (const [name, points] of series) {
          const held = merged.get(name);
          if (held) held.push(...points);
          else merged.set(name, [...points]);
        }
        mergedSeq = row.seq;
        if (filter.full) flush();
        continue;
      }
      if (!rowPasses(filter, row)) continue;
      flush();
      const { event, data } = framesFor(filter, row, row.seq === jobSeq ? this.#job : null);
      write(event, data, this.#id(row.seq));
    }
    flush();
    return frames.length === 0 ? null : toChunk(frames, true);
  }

  #id(seq: number): string {
    return formatCursor({ generation: this.generation, seq });
  }
}
