import { monitorEventLoopDelay } from "node:perf_hooks";
import type { ServiceSample } from "@signalbox/protocol/service/service-status";
import { processSingleton } from "../process-singleton";
import { streamHub } from "../realtime/hub";
import { notifyBounds } from "../realtime/stream-instruments.ts";
import { quantile, requestSeconds } from "./instruments.ts";
import { serviceInstruments } from "./service-instruments.ts";

export const sampleEveryMs = 5_000;
const maxSamples = 180;

/** What only grows, as of one moment. */
interface Totals {
  frames: number;
  sentBytes: number;
  requests: number;
  failures: number;
  notify: number[];
  ingest: number[];
  database: number[];
}

function totals(): Totals {
  const { frames, sentBytes, notifyToFrame } = streamHub().instruments;
  const { requests, ingestDuration, databaseDuration } = serviceInstruments();
  return {
    frames: frames.total(),
    sentBytes: sentBytes.total(),
    requests: requests.total(),
    failures: ["500", "502", "503"].reduce((sum, status) => sum + requests.total({ status }), 0),
    notify: notifyToFrame.counts(),
    ingest: ingestDuration.counts(),
    database: databaseDuration.counts(),
  };
}

const minus = (after: number[], before: number[]) =>
  after.map((count, index) => count - (before[index] ?? 0));
const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);

/** What lies between two moments, as rates and quantiles. */
function sampleBetween(
  before: Totals,
  after: Totals,
  seconds: number,
): Omit<ServiceSample, "at" | "streams" | "memory_bytes" | "loop_delay_s"> {
  const rate = (key: "frames" | "sentBytes" | "requests" | "failures") =>
    (after[key] - before[key]) / seconds;
  const ingest = minus(after.ingest, before.ingest);
  return {
    frames_per_s: rate("frames"),
    sent_bytes_per_s: rate("sentBytes"),
    requests_per_s: rate("requests"),
    failures_per_s: rate("failures"),
    ingests_per_s: sum(ingest) / seconds,
    notify_p95_s: quantile(0.95, notifyBounds, minus(after.notify, before.notify)),
    ingest_p95_s: quantile(0.95, requestSeconds, ingest),
    database_p95_s: quantile(0.95, requestSeconds, minus(after.database, before.database)),
  };
}

/** Samples of this process, taken from its start on. */
class ServiceHistory {
  readonly startedAt = new Date();
  readonly samples: ServiceSample[] = [];
  readonly #loop = monitorEventLoopDelay({ resolution: 20 });
  #last = totals();
  #lastAt = performance.now();
  #loopDelay = 0;

  constructor() {
    this.#loop.enable();
    setInterval(() => this.#take(), sampleEveryMs).unref();
  }

  /** Longest delay of the event loop in the newest interval, in seconds. */
  get loopDelay(): number {
    return this.#loopDelay;
  }

  #take(): void {
    const [now, after] = [performance.now(), totals()];
    // The monitor counts its own pace of 20 ms as a delay.
    this.#loopDelay = Math.max(0, this.#loop.max / 1e9 - 0.02);
    this.#loop.reset();
    this.samples.push({
      at: new Date().toISOString(),
      streams: streamHub().stats().viewers,
      ...sampleBetween(this.#last, after, (now - this.#lastAt) / 1000),
      memory_bytes: process.memoryUsage.rss(),
      loop_delay_s: this.#loopDelay,
    });
    if (this.samples.length > maxSamples) this.samples.shift();
    this.#last = after;
    this.#lastAt = now;
  }
}

export function serviceHistory(): ServiceHistory {
  return processSingleton("service-history", () => new ServiceHistory());
}
