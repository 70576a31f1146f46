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
  const names = config.metric_names && namesMatcher(config.metric_names);
  return {
    status: always,
    events: ({ data }) =>
      allows(config.event_types, data.type) && allows(config.event_levels, data.level),
    metrics: ({ data, phase }) =>
      (names?.(data.name) ?? true) && allows(config.metric_phases, phase),
    timeline: ({ phase }) => allows(config.timeline_phases, phase),
    logs: always,
    predictions: always,
  };
}

/** Whether a message is in the sample: decided by its key, so that every reader keeps the same. */
export function isSampled(message: StreamMessage, rate: number): boolean {
  return rate >= 1 || message.stream_type === "status" || crc32(message.key) / 2 ** 32 < rate;
}

function allows(list: readonly string[] | null, value: string | null): boolean {
  return list === null || (value !== null && list.includes(value));
}

function namesMatcher(patterns: readonly string[]): (name: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes("*")));
  const globs = patterns.filter((pattern) => pattern.includes("*"));
  return (name) => exact.has(name) || globs.some((glob) => matchesGlob(glob, name));
}

/** Whether a text matches a pattern in which `*` matches any text; linear for every pattern. */
export function matchesGlob(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (parts.length === 1) return pattern === text;
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
