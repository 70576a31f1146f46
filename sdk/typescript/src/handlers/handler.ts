import type { StreamMessage } from "../stream/message.ts";
import type { Job } from "../types.ts";

/** A streamer's handler; only `handle` is required. */
export interface MessageHandler {
  /** Handles one message; the next follows when the promise (if any) has resolved. */
  handle(message: StreamMessage): void | Promise<void>;
  shouldHandle?(message: StreamMessage): boolean;
  /** Delivers buffered messages: called before a wait ends, whether it succeeds or fails. */
  flush?(): void | Promise<void>;
  /** Releases files and screens; a later message may open them again. */
  close?(): void | Promise<void>;
  /** The job when the streaming begins. */
  begin?(job: Job): void | Promise<void>;
}

/** Base class of handlers: accepts every message and buffers nothing. */
export abstract class StreamHandler implements MessageHandler {
  abstract handle(message: StreamMessage): void | Promise<void>;

  shouldHandle(_message: StreamMessage): boolean {
    return true;
  }

  flush(): void | Promise<void> {}
}
