import type { StreamMessage } from "../stream/message.ts";
import { StreamHandler } from "./handler.ts";
import { type Output, writeTo } from "./output.ts";
import { messageText, timeOfDay } from "./plain-text.ts";

/** Plain lines such as `12:04:31 metrics train/loss 0.5692 step 40`. */
export class CLIHandler extends StreamHandler {
  readonly #output: Output;

  constructor({ output = process.stdout }: { output?: Output | undefined } = {}) {
    super();
    this.#output = output;
  }

  handle(message: StreamMessage): void | Promise<void> {
    return writeTo(this.#output, `${timeOfDay(message.timestamp)} ${messageText(message)}\n`);
  }
}
