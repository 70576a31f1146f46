import { type Clock, systemClock } from "@signalbox/protocol/clock";
import { SettingsError } from "../errors.ts";
import type { StreamMessage } from "../stream/message.ts";
import { StreamHandler } from "./handler.ts";

export interface BufferedHandlerOptions {
  /** Messages a batch; 100 where absent. */
  size?: number | undefined;
  /** The longest that a message waits; 5 where absent. */
  seconds?: number | undefined;
  clock?: Clock | undefined;
}

/**
 * Collects messages and gives them to a function in batches, one batch at a time: when `size` are
 * there, when the first has waited for `seconds`, and all at a flush. A batch that the function
 * throws at is gone; the failure comes out of the next message or flush.
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

  /** @throws SettingsError for a size or time that is none */
  constructor(
    give: (batch: StreamMessage[]) => void | Promise<void>,
    { size = 100, seconds = 5, clock = systemClock }: BufferedHandlerOptions = {},
  ) {
    super();
    if (!Number.isInteger(size) || size < 1) {
      throw new SettingsError("size must be a whole number from 1.");
    }
    if (!(seconds > 0)) throw new SettingsError("seconds must be above 0.");
    this.#give = give;
    this.#size = size;
    this.#ms = Math.min(seconds * 1000, 2 ** 31 - 1);
    this.#clock = clock;
  }

  async handle(message: StreamMessage): Promise<void> {
    this.#batch.push(message);
    // Waits for the function, so that no more than one batch ever waits for it.
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
