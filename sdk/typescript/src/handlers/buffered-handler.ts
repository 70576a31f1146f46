import { type Clock, systemClock } from "@signalbox/protocol/time/clock";
import { SettingsError } from "../errors.ts";
import type { StreamMessage } from "../stream/message.ts";
import { StreamHandler } from "./handler.ts";

export interface BufferedHandlerOptions {
  /** Messages per batch; default 100. */
  size?: number | undefined;
  /** Longest time that a message waits; default 5. */
  seconds?: number | undefined;
  clock?: Clock | undefined;
}

/**
 * Collects messages and passes them to a function in batches, one batch at a time: after `size`
 * messages, after `seconds`, and at a flush. A batch for which the function throws is dropped; the
 * next message or flush rejects with the error.
 */
export class BufferedHandler extends StreamHandler {
  readonly #give: (batch: StreamMessage[]) => void | Promise<void>;
  readonly #size: number;
  readonly #ms: number;
  readonly #clock: Clock;
  #batch: StreamMessage[] = [];
  #timer: unknown = null;
  #giving: Promise<void> = Promise.resolve();
  #failures: unknown[] = [];

  /** @throws SettingsError for an invalid size or time */
  constructor(
    give: (batch: StreamMessage[]) => void | Promise<void>,
    { size = 100, seconds = 5, clock = systemClock }: BufferedHandlerOptions = {},
  ) {
    super();
    if (!Number.isInteger(size) || size < 1) {
      throw new SettingsError("size must be an integer of at least 1.");
    }
    if (!(seconds > 0)) throw new SettingsError("seconds must be greater than 0.");
    this.#give = give;
    this.#size = size;
    this.#ms = Math.min(seconds * 1000, 2 ** 31 - 1);
    this.#clock = clock;
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
      .then(() => this.#give(batch))
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
