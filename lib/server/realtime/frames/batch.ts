import type { Job } from "@signalbox/protocol/job";
import { formatCursor } from "@signalbox/protocol/stream";
import type { StreamRow } from "../source/feed.ts";
import { frameText, toBytes } from "./frame-text.ts";
import { predictionFrames } from "./prediction-frames.ts";
import { rowPayload, seriesPayload } from "./row-payload.ts";
import { passingSeries, rowPasses, type StoredTuple, type StreamFilter } from "./stream-filter.ts";

/**
 * The rows of one read, serialised at most once per filter, whatever the number of viewers.
 * It covers every seq in (after, last], whether a row passes a filter or not.
 */
export class Batch {
  readonly generation: string;
  readonly after: number;
  readonly last: number;
  readonly rows: readonly StreamRow[];
  /** The current job, carried by the newest status row. */
  readonly #job: Job | null;
  readonly #rendered = new Map<string, Uint8Array | null>();

  /** `through`: the read is complete up to this seq even if it has no row there. */
  constructor(
    generation: string,
    after: number,
    rows: readonly StreamRow[],
    job: Job | null,
    through = after,
  ) {
    this.generation = generation;
    this.after = after;
    this.rows = rows;
    this.last = rows.at(-1)?.seq ?? Math.max(after, through);
    this.#job = job;
  }

  /** Rough memory cost in bytes: its rows and what has been serialised so far. */
  get cost(): number {
    let bytes = this.rows.length * 200;
    for (const chunk of this.#rendered.values()) bytes += chunk?.byteLength ?? 0;
    return bytes;
  }

  /** Frames of the rows after `cursor` that pass the filter; null when none does. */
  chunk(filter: StreamFilter, cursor: number): Uint8Array | null {
    if (cursor > this.after) {
      const rest = this.rows.filter((row) => row.seq > cursor);
      if (rest.length < this.rows.length) return this.#render(filter, rest);
    }
    const known = this.#rendered.get(filter.key);
    if (known !== undefined) return known;
    const chunk = this.#render(filter, this.rows);
    this.#rendered.set(filter.key, chunk);
    return chunk;
  }

  #render(filter: StreamFilter, rows: readonly StreamRow[]): Uint8Array | null {
    const jobSeq = this.#job ? rows.findLast((row) => row.stream === "status")?.seq : undefined;
    let text = "";
    let merged = new Map<string, StoredTuple[]>();
    let mergedSeq = 0;
    const flush = () => {
      if (merged.size === 0) return;
      text += this.#metrics(merged, mergedSeq, filter.full);
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
      if (row.stream === "prediction") {
        text += predictionFrames(filter, row, this.#id(row.seq));
        continue;
      }
      text += frameText(
        row.stream,
        rowPayload(row, row.seq === jobSeq ? this.#job : null),
        this.#id(row.seq),
      );
    }
    flush();
    return text === "" ? null : toBytes(text);
  }

  #metrics(series: Map<string, StoredTuple[]>, seq: number, full: boolean): string {
    const data = seriesPayload(series, full);
    return frameText("metrics", data, this.#id(seq));
  }

  #id(seq: number): string {
    return formatCursor({ generation: this.generation, seq });
  }
}
