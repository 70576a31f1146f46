import type { TrainerCommand } from "./protocol.ts";

/** What a trainer acts upon between two steps. */
export type Message =
  | { type: "command"; command: TrainerCommand }
  /** The backend is stopping: save and exit. */
  | { type: "shutdown" }
  /** The backend is gone: save and exit. */
  | { type: "disconnected" };

/** Messages in the order in which they came, waiting for the next step boundary. */
export class Inbox {
  #messages: Message[] = [];
  #woken: (() => void) | null = null;

  put(message: Message): void {
    this.#messages.push(message);
    this.#woken?.();
  }

  take(): Message | undefined {
    return this.#messages.shift();
  }

  /** Resolves when there is a message, or after `ms` (forever if not given). */
  async wait(ms?: number): Promise<void> {
    if (this.#messages.length > 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#woken = resolve;
      if (ms !== undefined) timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.#woken = null;
  }
}
