import { type Clock, systemClock } from "@signalbox/protocol/time/clock";
import type { StreamMessage } from "../stream/message.ts";
import type { Job } from "../types.ts";
import { CLIHandler } from "./cli-handler.ts";
import { StreamHandler } from "./handler.ts";
import { emptyState, type RichState, stateOfJob, withMessage } from "./rich-state.ts";
import type { Screen } from "./rich-view.ts";

export interface RichHandlerOptions {
  output?: NodeJS.WriteStream | undefined;
  /** Colours; default: according to `NO_COLOR`. */
  colour?: boolean | undefined;
  clock?: Clock | undefined;
}

const redrawMs = 100;

/**
 * A live terminal display: progress, latest values, last events, a sparkline of the loss. If the
 * output is not a terminal, it writes `CLIHandler`'s lines. Loads its libraries with the first message.
 */
export class RichHandler extends StreamHandler {
  readonly #output: NodeJS.WriteStream;
  readonly #colour: boolean;
  readonly #clock: Clock;
  readonly #lines: CLIHandler | null;
  #state: RichState = emptyState;
  #screen: Screen | null = null;
  #timer: unknown = null;

  constructor({ output = process.stdout, colour, clock = systemClock }: RichHandlerOptions = {}) {
    super();
    this.#output = output;
    this.#colour = colour ?? !process.env.NO_COLOR;
    this.#clock = clock;
    this.#lines = output.isTTY ? null : new CLIHandler({ output });
  }

  async begin(job: Job): Promise<void> {
    if (this.#lines) return;
    this.#state = stateOfJob(job);
    await this.#open();
  }

  handle(message: StreamMessage): void | Promise<void> {
    if (this.#lines) return this.#lines.handle(message);
    this.#state = withMessage(this.#state, message);
    if (!this.#screen) return this.#open();
    this.#timer ??= this.#clock.setTimeout(() => this.#draw(), redrawMs);
  }

  override flush(): void {
    this.#draw();
  }

  async close(): Promise<void> {
    this.#draw();
    const screen = this.#screen;
    this.#screen = null;
    await screen?.close();
  }

  async #open(): Promise<void> {
    const { mountScreen } = await import("./rich-view.ts");
    this.#screen ??= mountScreen(this.#output, this.#state, this.#colour);
  }

  #draw(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    this.#screen?.show(this.#state);
  }
}
