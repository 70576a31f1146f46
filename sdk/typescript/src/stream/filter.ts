import { crc32 } from "node:zlib";
import type { StreamConfig } from "./config.ts";
import type { StreamMessage, StreamType } from "./message.ts";
import { RecentMessages } from "./recent-messages.ts";

/** Whether a message passes the filters for its kind. */
type Rules = { [Type in StreamType]: (message: StreamMessage<Type>) => boolean };

/** Decides which messages a configuration lets through. */
export class MessageFilter {
  readonly #config: StreamConfig;
  readonly #rules: Rules;
  readonly #recent: RecentMessages | null;

  constructor(config: StreamConfig) {
    this.#config = config;
    this.#rules = rulesOf(config);
    this.#recent = config.deduplicate ? new RecentMessages() : null;
  }

  /** Whether a message passes; a duplicate does only without `deduplicate`. */
  passes(message: StreamMessage): boolean {
    if (!this.#config.streams.includes(message.stream_type)) return false;
    if (!this.#matches(message)) return false;
    if (!isSampled(message, this.#config.sample_rate)) return false;
    return this.#recent?.isNew(message) ?? true;
  }

  #matches<Type extends StreamType>(message: StreamMessage<Type>): boolean {
    return this.#rules[message.stream_type](message);
  }
}

const always = () => true;

function rulesOf(config: StreamConfig): Rules {
  return {
    status: always,
    events: ({ data }) => config.shouldIncludeEvent(data),
    metrics: ({ data, phase }) => config.shouldIncludeMetric({ name: data.name, phase }),
    timeline: ({ data }) => config.shouldIncludeTimeline(data),
    logs: always,
    predictions: always,
  };
}

/** Whether a message is in the sample: decided by its key, so that every reader keeps the same. */
export function isSampled(message: StreamMessage, rate: number): boolean {
  return rate >= 1 || message.stream_type === "status" || crc32(message.key) / 2 ** 32 < rate;
}
