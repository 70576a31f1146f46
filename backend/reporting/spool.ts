import { closeSync, openSync, readdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { toJson } from "@signalbox/protocol/wire/wire-number";
import { z } from "zod";

/** One report to the dashboard, as a line of the spool. */
const spoolItemSchema = z.discriminatedUnion("t", [
  z.object({ t: z.literal("metrics"), points: z.array(z.record(z.string(), z.unknown())) }),
  z.object({
    t: z.literal("predictions"),
    predictions: z.array(z.record(z.string(), z.unknown())),
  }),
  z.object({
    t: z.literal("log"),
    stream: z.enum(["stdout", "stderr"]),
    text: z.string(),
    ts: z.number(),
  }),
  z.object({
    t: z.literal("event"),
    type: z.string(),
    level: z.enum(["debug", "info", "warning", "error"]),
    message: z.string(),
    data: z.record(z.string(), z.unknown()),
  }),
  z.object({ t: z.literal("status"), body: z.record(z.string(), z.unknown()) }),
  z.object({
    t: z.literal("ack"),
    command_id: z.string(),
    body: z.record(z.string(), z.unknown()),
  }),
]);
export type SpoolItem = z.infer<typeof spoolItemSchema>;

/**
 * Appends items to one segment. Each item is a single write of a whole line to a file opened for
 * appending, so the trainer and the backend can share a segment, and a crash of either loses nothing.
 */
export class SpoolWriter {
  readonly #file: number;
  /** A full disk may have taken the beginning of a line only. */
  #torn = false;

  constructor(path: string) {
    this.#file = openSync(path, "a", 0o600);
  }

  append(item: SpoolItem): void {
    const line = Buffer.from(`${this.#torn ? "\n" : ""}${toJson(item)}\n`);
    this.#torn = true;
    if (writeSync(this.#file, line) < line.length) {
      throw new Error("ENOSPC: the disk is full; the report was not written");
    }
    this.#torn = false;
  }

  close(): void {
    closeSync(this.#file);
  }
}

const SEGMENT = /^(\d{6})\.jsonl$/;

/** Numbers of the segments in a spool folder, ascending. */
export function listSegments(folder: string): number[] {
  try {
    return readdirSync(folder)
      .map((name) => SEGMENT.exec(name)?.[1])
      .filter((number) => number !== undefined)
      .map(Number)
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

export function segmentPath(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(6, "0")}.jsonl`);
}

/** Parses whole lines; skips truncated and unknown ones. */
export function parseItems(text: string): SpoolItem[] {
  const items: SpoolItem[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    try {
      items.push(spoolItemSchema.parse(JSON.parse(line)));
    } catch {
      // A line truncated by a crash; it was never acknowledged.
    }
  }
  return items;
}
