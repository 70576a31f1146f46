import type { StreamMessage } from "../stream/message.ts";
import type { Job } from "../types.ts";
import type { MessageHandler } from "./handler.ts";

/** Called at a handler's first failure. */
export type HandlerErrorSink = (error: unknown, handler: MessageHandler) => void;

/** Several handlers as one: each receives every message, even if another one fails. */
export class HandlerGroup {
  readonly #handlers: readonly MessageHandler[];
  readonly #onError: HandlerErrorSink;
  readonly #reported = new Set<MessageHandler>();
  /** Number of failures of all handlers. */
  failures = 0;

  constructor(handlers: readonly MessageHandler[], onError: HandlerErrorSink) {
    this.#handlers = handlers;
    this.#onError = onError;
  }

  begin(job: Job): Promise<void> {
    return this.#each((handler) => handler.begin?.(job));
  }

  async deliver(message: StreamMessage): Promise<void> {
    for (const handler of this.#handlers) {
      try {
        if (handler.shouldHandle?.(message) === false) continue;
        const pending = handler.handle(message);
        if (pending) await pending;
      } catch (error) {
        this.#failed(handler, error);
      }
    }
  }

  /** Flushes all, then closes all. */
  async finish(): Promise<void> {
    await this.#each((handler) => handler.flush?.());
    await this.#each((handler) => handler.close?.());
  }

  async #each(act: (handler: MessageHandler) => void | Promise<void>): Promise<void> {
    for (const handler of this.#handlers) {
      try {
        await act(handler);
      } catch (error) {
        this.#failed(handler, error);
      }
    }
  }

  #failed(handler: MessageHandler, error: unknown): void {
    this.failures += 1;
    if (this.#reported.has(handler)) return;
    this.#reported.add(handler);
    this.#onError(error, handler);
  }
}
