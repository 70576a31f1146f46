import type { TrainerCommand } from "./messages.ts";

/** What a trainer handles between two steps. */
export type Message =
  | { type: "command"; command: TrainerCommand }
  /** The backend is shutting down: save and exit. */
  | { type: "shutdown" }
  /** The connection to the backend is lost: save and exit. */
  | { type: "disconnected" };

/** Messages in order of arrival, waiting for the next step boundary. */
export class MessageQueue {
  #messages: Message[] = [];
  #wake: (() => void) | null = null;

  push(message: Message): void {
    this.#messages.push(message);
    this.#wake?.();
  }

  shift(): Message | undefined {
    return this.#messages.shift();
  }

  /** Resolves when there is a message, or after `ms` if given. */
  async wait(ms?: number): Promise<void> {
    if (this.#messages.length > 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (ms !== undefined) timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.#wake = null;
  }
}
