import { appendFileSync, closeSync, openSync } from "node:fs";
import { toJson } from "@signalbox/protocol/wire/wire-number";
import { oneOf, requireKnown } from "../known-options.ts";
import type { StreamMessage } from "../stream/message.ts";
import { StreamHandler } from "./handler.ts";
import { type Output, writeTo } from "./output.ts";

export interface JSONHandlerOptions {
  /** A file, which is overwritten; default: standard output (or `output`). */
  outputFile?: string | undefined;
  /** The same as `outputFile`. */
  file?: string | undefined;
  /** Appends to the file instead. */
  append?: boolean | undefined;
  output?: Output | undefined;
}

/**
 * One JSON object per line: `stream_type` by its name (`METRICS`), `timestamp`, `job_id`, `data`, `key`,
 * and `seq`, `step` and `phase` where known; NaN and infinities as `"NaN"`, `"Infinity"`, `"-Infinity"`.
 */
export class JSONHandler extends StreamHandler {
  readonly #file: string | null;
  readonly #output: Output;
  #flags: "a" | "w";
  #descriptor: number | null = null;

  /** @throws SettingsError for an unknown option */
  constructor(options: JSONHandlerOptions = {}) {
    super();
    requireKnown("JSONHandler", options, ["outputFile", "file", "append", "output"]);
    const { outputFile, file, append = false, output = process.stdout } = options;
    this.#file = oneOf({ outputFile, file }) ?? null;
    this.#output = output;
    this.#flags = append ? "a" : "w";
  }

  handle(message: StreamMessage): void | Promise<void> {
    const line = `${toJson(fieldsOf(message))}\n`;
    if (this.#file === null) return writeTo(this.#output, line);
    // Written at once, so that readers can follow the file and a crash loses nothing.
    appendFileSync(this.#open(this.#file), line);
  }

  /** A run without messages leaves an empty file, not none. */
  override flush(): void {
    if (this.#file !== null) this.#open(this.#file);
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #open(file: string): number {
    this.#descriptor ??= openSync(file, this.#flags);
    this.#flags = "a";
    return this.#descriptor;
  }
}

function fieldsOf(message: StreamMessage): object {
  const fields = { ...message, stream_type: message.stream_type.toUpperCase() };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
