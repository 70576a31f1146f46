import { Agent, get } from "node:http";
import type { Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createZstdDecompress } from "node:zlib";
import { machineMs } from "../kit/pace.ts";
import { sentSeries, stepSeries } from "./messages.ts";

const stepsOf = new RegExp(`"${stepSeries}":(\\[\\[.*?\\]\\])`);
const sentOf = new RegExp(`"${sentSeries}":(\\[\\[.*?\\]\\])`);
const idOf = /^id: [^\n]*-(\d+)$/m;

const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });

const decoders = new Map<string, () => Transform>([
  ["gzip", createGunzip],
  ["br", createBrotliDecompress],
  ["zstd", createZstdDecompress],
]);

/** Where all viewers of a process record their results, without allocating objects. */
export interface Tally {
  latencies: Float64Array;
  count: number;
  wrong: number;
  bytes: number;
}

/** One viewer of a stream that only reads steps, times and ids; or nothing, and counts bytes. */
export class Viewer {
  readonly #tally: Tally;
  readonly reading: boolean;
  #rest = "";
  #seen = new Uint8Array(0);
  seq = 0;

  constructor(tally: Tally, reading: boolean) {
    this.#tally = tally;
    this.reading = reading;
  }

  /** Resolves when the stream has begun. */
  open(port: number, path: string, headers: Record<string, string>): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = get({ host: "127.0.0.1", port, path, headers, agent }, (response) => {
        if (response.statusCode !== 200) {
          response.resume();
          reject(new Error(`The stream answered ${response.statusCode}.`));
          return;
        }
        response.once("data", () => resolve());
        response.on("data", (part: Buffer) => {
          this.#tally.bytes += part.byteLength;
        });
        const decoder = decoders.get(response.headers["content-encoding"] ?? "");
        const body = decoder && this.reading ? response.pipe(decoder()) : response;
        if (this.reading) body.on("data", (part: Buffer) => this.#take(part.toString("latin1")));
        response.on("close", () => {
          this.#tally.wrong += 1;
        });
      });
      request.on("error", reject);
    });
  }

  measure(steps: number): void {
    this.#seen = new Uint8Array(this.reading ? steps : 0);
  }

  tallySteps(): { lost: number; doubled: number } {
    let lost = 0;
    let doubled = 0;
    for (const times of this.#seen) {
      if (times === 0) lost += 1;
      else doubled += times - 1;
    }
    return { lost, doubled };
  }

  #take(text: string): void {
    const now = machineMs();
    let rest = this.#rest + text;
    for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
      this.#frame(rest.slice(0, end), now);
      rest = rest.slice(end + 2);
    }
    this.#rest = rest;
  }

  #frame(frame: string, now: number): void {
    const id = idOf.exec(frame)?.[1];
    if (id === undefined) return;
    const seq = Number(id);
    const isRow = !frame.includes("event: heartbeat");
    if (seq < this.seq || (isRow && seq === this.seq)) this.#tally.wrong += 1;
    this.seq = seq;
    const steps = stepsOf.exec(frame)?.[1];
    const sent = sentOf.exec(frame)?.[1];
    if (!steps || !sent) return;
    const moments = JSON.parse(sent) as [number, number][];
    for (const [index, [step]] of (JSON.parse(steps) as [number][]).entries()) {
      if (step < 1 || step > this.#seen.length) continue;
      this.#seen[step - 1] = (this.#seen[step - 1] ?? 0) + 1;
      this.#tally.latencies[this.#tally.count] = now - (moments[index]?.[1] ?? Number.NaN);
      this.#tally.count += 1;
    }
  }
}
