import { type Clock, systemClock } from "@signalbox/protocol/time/clock";
import { SettingsError } from "../errors.ts";
import { oneOf, requireKnown } from "../known-options.ts";
import type { StreamMessage } from "../stream/message.ts";
import { StreamHandler } from "./handler.ts";

export interface BufferedHandlerOptions {
  /** Longest time in seconds that a message waits; default 5. */
  flushInterval?: number | undefined;
  /** Messages per batch; default 100. */
  maxBufferSize?: number | undefined;
  /** The same as `maxBufferSize`. */
  size?: number | undefined;
  /** The same as `flushInterval`. */
  seconds?: number | undefined;
  clock?: Clock | undefined;
}

type ProcessBatch = (batch: StreamMessage[]) => void | Promise<void>;

/**
 * Collects messages and passes them to a function, or to `processBatch` of a subclass, in batches, one
 * batch at a time: after `maxBufferSize` messages, after `flushInterval` seconds, and at a flush. A
 * batch for which it throws is dropped; the next message or flush rejects with the error.
 */
export class BufferedHandler extends StreamHandler {
  readonly #process: ProcessBatch | null;
  readonly #size: number;
  readonly #ms: number;
  readonly #clock: Clock;
  #batch: StreamMessage[] = [];
  #timer: unknown = null;
  #giving: Promise<void> = Promise.resolve();
  #failures: unknown[] = [];

  /** @throws SettingsError for an invalid option, or without a function or an own `processBatch` */
  constructor(
    process?: ProcessBatch | BufferedHandlerOptions,
    options: BufferedHandlerOptions = typeof process === "object" ? process : {},
  ) {
    super();
    this.#process = typeof process === "function" ? process : null;
    if (!this.#process && this.processBatch === BufferedHandler.prototype.processBatch) {
      throw new SettingsError("Pass a function, or override processBatch.");
    }
    requireKnown("BufferedHandler", options, [
      "flushInterval",
      "maxBufferSize",
      "size",
      "seconds",
      "clock",
    ]);
    const { flushInterval, maxBufferSize, size, seconds, clock = systemClock } = options;
    this.#size = oneOf({ maxBufferSize, size }) ?? 100;
    if (!Number.isInteger(this.#size) || this.#size < 1) {
      throw new SettingsError("maxBufferSize must be an integer of at least 1.");
    }
    const interval = oneOf({ flushInterval, seconds }) ?? 5;
    if (!(interval > 0)) throw new SettingsError("flushInterval must be greater than 0.");
    this.#ms = Math.min(interval * 1000, 2 ** 31 - 1);
    this.#clock = clock;
  }

  /** Called with each batch; the next one waits for the promise that it returns. */
  processBatch(batch: StreamMessage[]): void | Promise<void> {
    return this.#process?.(batch);
  }

  async handle(message: StreamMessage): Promise<void> {
    this.#batch.push(message);
    // Waits for the function, so that at most one batch is pending.
    if (this.#batch.length >= this.#size) await this.flush();
    else {
      this.#timer ??= this.#clock.setTimeout(() => this.#send(), this.#ms);
      this.#complain();
    }
  }

  override async flush(): Promise<void> {
    this.#send();
    await this.#giving;
    this.#complain();
  }

  #send(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    this.#giving = this.#giving
      .then(() => this.processBatch(batch))
      .catch((error: unknown) => {
        this.#failures.push(error);
      });
  }

  #complain(): void {
    const [failure, ...later] = this.#failures;
    if (failure === undefined) return;
    this.#failures = later;
    throw failure;
  }
}
