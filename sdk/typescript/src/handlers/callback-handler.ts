import type { StreamMessage, StreamType } from "../stream/message.ts";
import { StreamHandler } from "./handler.ts";

type Callback<M extends StreamMessage> = (message: M) => void | Promise<void>;

/** A function for all messages, or one for each kind to receive. */
export type Callbacks =
  | Callback<StreamMessage>
  | { [Type in StreamType]?: Callback<Extract<StreamMessage, { stream_type: Type }>> };

/** Calls your functions. */
export class CallbackHandler extends StreamHandler {
  readonly #callbacks: Callbacks;

  constructor(callbacks: Callbacks) {
    super();
    this.#callbacks = callbacks;
  }

  override shouldHandle(message: StreamMessage): boolean {
    return this.#callbackOf(message) !== undefined;
  }

  handle(message: StreamMessage): void | Promise<void> {
    return this.#callbackOf(message)?.(message);
  }

  /** The type of `Callbacks` says that each kind's function accepts that kind of message. */
  #callbackOf({ stream_type }: StreamMessage): Callback<StreamMessage> | undefined {
    const callbacks = this.#callbacks;
    if (typeof callbacks === "function") return callbacks;
    return callbacks[stream_type] as Callback<StreamMessage> | undefined;
  }
}
