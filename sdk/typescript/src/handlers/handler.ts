import type { StreamMessage } from "../stream/message.ts";
import type { Job } from "../types.ts";

/** What a streamer needs of a handler; only `handle` must be there. */
export interface MessageHandler {
  /** Takes one message; the next comes when the promise (if any) has resolved. */
  handle(message: StreamMessage): void | Promise<void>;
  shouldHandle?(message: StreamMessage): boolean;
  /** Brings out whatever it holds back: called before a wait ends, however it ends. */
  flush?(): void | Promise<void>;
  /** Lets go of files and screens; a later message may open them again. */
  close?(): void | Promise<void>;
  /** The run as it stands when the streaming begins. */
  begin?(job: Job): void | Promise<void>;
}

/** Base of handlers: takes every message and holds nothing back. */
export abstract class StreamHandler implements MessageHandler {
  abstract handle(message: StreamMessage): void | Promise<void>;

  shouldHandle(_message: StreamMessage): boolean {
    return true;
  }

  flush(): void | Promise<void> {}
}
