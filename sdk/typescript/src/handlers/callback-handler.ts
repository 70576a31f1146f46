import { SettingsError } from "../errors.ts";
import { oneOf, requireKnown } from "../known-options.ts";
import {
  type StreamData,
  type StreamMessage,
  type StreamType,
  streamTypes,
} from "../stream/message.ts";
import { StreamHandler } from "./handler.ts";

/** The data of a message as the API returns it, with its place: an event's `type`, a point's `value`. */
export type MessageData<Type extends StreamType> = Pick<
  StreamMessage<Type>,
  "job_id" | "seq" | "step" | "phase"
> & { created_at: string } & StreamData[Type];

type OnMessage<Type extends StreamType> = (message: StreamMessage<Type>) => void | Promise<void>;
type OnData<Type extends StreamType> = (
  data: MessageData<Type>,
  message: StreamMessage<Type>,
) => void | Promise<void>;

const dataCallbacks = {
  status: "onStatus",
  events: "onEvent",
  metrics: "onMetric",
  timeline: "onTimeline",
  logs: "onLog",
  predictions: "onPrediction",
} as const satisfies Record<StreamType, string>;

type DataCallbacks = {
  [Type in StreamType as (typeof dataCallbacks)[Type]]?: OnData<Type> | undefined;
};

/**
 * A function for all messages; or functions for the data of some kinds of messages (`onEvent`,
 * `onMetric` …); or functions for the messages of some kinds (`events`, `metrics` …).
 */
export type Callbacks =
  | OnMessage<StreamType>
  | (DataCallbacks & { [Type in StreamType]?: OnMessage<Type> | undefined });

/** Calls your functions. */
export class CallbackHandler extends StreamHandler {
  readonly #functions = new Map<StreamType, OnMessage<StreamType>>();

  /** @throws SettingsError for an unknown name, or two functions for one kind */
  constructor(callbacks: Callbacks) {
    super();
    if (typeof callbacks !== "function") {
      requireKnown("CallbackHandler", callbacks, [...Object.values(dataCallbacks), ...streamTypes]);
    }
    for (const type of streamTypes) {
      const called = typeof callbacks === "function" ? callbacks : functionOf(callbacks, type);
      if (called) this.#functions.set(type, called);
    }
  }

  override shouldHandle({ stream_type }: StreamMessage): boolean {
    return this.#functions.has(stream_type);
  }

  handle(message: StreamMessage): void | Promise<void> {
    return this.#functions.get(message.stream_type)?.(message);
  }
}

/** What is called for one kind of message: the type of `Callbacks` says that it accepts that kind. */
function functionOf(
  callbacks: Exclude<Callbacks, OnMessage<StreamType>>,
  type: StreamType,
): OnMessage<StreamType> | undefined {
  const name = dataCallbacks[type];
  const given = oneOf<unknown>({ [name]: callbacks[name], [type]: callbacks[type] });
  if (given === undefined) return undefined;
  if (typeof given !== "function") {
    throw new SettingsError(`The callback for ${type} must be a function.`);
  }
  if (given === callbacks[type]) return given as OnMessage<StreamType>;
  const onData = given as OnData<StreamType>;
  return (message) => onData(dataOf(message), message);
}

function dataOf({ job_id, seq, step, phase, timestamp, data }: StreamMessage) {
  const place = { job_id, seq, step, phase, created_at: timestamp };
  // The spread of a union of data is not seen as a union of spreads.
  return { ...place, ...data } as MessageData<StreamType>;
}
