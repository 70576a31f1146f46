import type { eventLevels } from "@signalbox/protocol/data/ingest";
import { SettingsError } from "../errors.ts";
import { oneOf, requireKnown } from "../known-options.ts";
import { type StreamType, streamTypes } from "./message.ts";
import { namesMatcher } from "./names-matcher.ts";
import { groupOf } from "./row-fields.ts";

/** Which messages a streamer passes to its handlers, and how. Null: all of them. */
interface StreamConfigFields {
  streams: readonly StreamType[];
  event_types: readonly string[] | null;
  /** Of `debug`, `info`, `warning`, `error`. */
  event_levels: readonly string[] | null;
  /** Names in which `*` matches any text, and `.` and `/` are the same. */
  metric_names: readonly string[] | null;
  metric_phases: readonly string[] | null;
  timeline_phases: readonly string[] | null;
  /** The share of messages to keep, above 0 and up to 1; a status is always kept. */
  sample_rate: number;
  /** Rows per page when polling, 1 to 1,000. */
  max_events_per_poll: number;
  /** Skips messages that are among the last 10,000. */
  deduplicate: boolean;
}

const lists = [
  "streams",
  "event_types",
  "event_levels",
  "metric_names",
  "metric_phases",
  "timeline_phases",
] as const;
type ListField = (typeof lists)[number];
const plain = ["sample_rate", "max_events_per_poll", "deduplicate"] as const;
const levels = ["debug", "info", "warning", "error"] satisfies (typeof eventLevels)[number][];

type Values<T> = readonly T[] | ReadonlySet<T>;

/** The fields to change; each filter is an array or a Set. */
export type StreamConfigInput = Partial<Pick<StreamConfigFields, (typeof plain)[number]>> & {
  [Name in Exclude<ListField, "streams">]?: Values<string> | null | undefined;
} & {
  streams?: Values<StreamType> | undefined;
  /** The same as `streams`. */
  enabled_streams?: Values<StreamType> | undefined;
};

const progressEvents = ["sft.progress", "sft.loss", "sft.validation.summary", "rl.train.step"];
const progressMetrics = [
  "loss",
  "train.loss",
  "eval.loss",
  "train.reward_mean",
  "eval.reward_mean",
];

/** The settings of a stream, checked when they are made. */
export class StreamConfig implements StreamConfigFields {
  readonly streams: readonly StreamType[];
  readonly event_types: readonly string[] | null;
  readonly event_levels: readonly string[] | null;
  readonly metric_names: readonly string[] | null;
  readonly metric_phases: readonly string[] | null;
  readonly timeline_phases: readonly string[] | null;
  readonly sample_rate: number;
  readonly max_events_per_poll: number;
  readonly deduplicate: boolean;
  readonly #isNamed: (name: string) => boolean;

  /** @throws SettingsError that names the field, for a value out of range */
  constructor(fields: StreamConfigInput = {}) {
    requireKnown("StreamConfig", fields, [...lists, "enabled_streams", ...plain]);
    const { streams, enabled_streams } = fields;
    this.streams = arrayOf("streams", oneOf({ streams, enabled_streams }), streamTypes) ?? [
      "status",
      "events",
      "metrics",
      "timeline",
    ];
    this.event_types = arrayOf("event_types", fields.event_types);
    this.event_levels = arrayOf("event_levels", fields.event_levels, levels);
    this.metric_names = arrayOf("metric_names", fields.metric_names);
    this.metric_phases = arrayOf("metric_phases", fields.metric_phases);
    this.timeline_phases = arrayOf("timeline_phases", fields.timeline_phases);
    this.sample_rate = fields.sample_rate ?? 1;
    if (!(this.sample_rate > 0 && this.sample_rate <= 1)) {
      throw new SettingsError("sample_rate must be greater than 0 and at most 1.");
    }
    this.max_events_per_poll = fields.max_events_per_poll ?? 200;
    const size = this.max_events_per_poll;
    if (!Number.isInteger(size) || size < 1 || size > 1000) {
      throw new SettingsError("max_events_per_poll must be an integer from 1 to 1000.");
    }
    this.deduplicate = fields.deduplicate ?? true;
    if (typeof this.deduplicate !== "boolean") {
      throw new SettingsError("deduplicate must be true or false.");
    }
    this.#isNamed = this.metric_names === null ? () => true : namesMatcher(this.metric_names);
  }

  /** The same as `streams`. */
  get enabled_streams(): readonly StreamType[] {
    return this.streams;
  }

  /** Status, events, metrics and timeline. */
  static default(changes: StreamConfigInput = {}): StreamConfig {
    return new StreamConfig(changes);
  }

  /** Status alone. */
  static minimal(changes: StreamConfigInput = {}): StreamConfig {
    return withPreset({ streams: ["status"] }, changes);
  }

  /** Status, and the usual events and metrics of progress: losses and mean rewards. */
  static progressOnly(changes: StreamConfigInput = {}): StreamConfig {
    const streams = ["status", "events", "metrics"] as const;
    const names = { event_types: progressEvents, metric_names: progressMetrics };
    return withPreset({ streams, ...names }, changes);
  }

  /** Status, and events of level error or warning. */
  static errorsOnly(changes: StreamConfigInput = {}): StreamConfig {
    const streams = ["status", "events"] as const;
    return withPreset({ streams, event_levels: ["error", "warning"] }, changes);
  }

  /** The same as `progressOnly`. */
  static readonly progress_only = StreamConfig.progressOnly;
  /** The same as `errorsOnly`. */
  static readonly errors_only = StreamConfig.errorsOnly;

  /** A configuration from a preset's name, from fields, or as given. */
  static from(config: StreamConfig | StreamConfigInput | StreamPreset = {}): StreamConfig {
    if (config instanceof StreamConfig) return config;
    if (typeof config !== "string") return new StreamConfig(config);
    if (presets.includes(config)) return StreamConfig[config]();
    throw new SettingsError(`“${config}” is not one of ${presets.join(", ")}.`);
  }

  /** Whether the filters keep an event. */
  shouldIncludeEvent({ type, level }: { type: string; level?: string | null }): boolean {
    return allows(this.event_types, type) && allows(this.event_levels, level ?? null);
  }

  /** Whether the filters keep a point; without a phase, the group of its name is its phase. */
  shouldIncludeMetric({ name, phase }: { name: string; phase?: string | null }): boolean {
    return this.#isNamed(name) && allows(this.metric_phases, phase ?? groupOf(name));
  }

  /** Whether the filters keep an entry of the timeline. */
  shouldIncludeTimeline({ phase }: { phase: string }): boolean {
    return allows(this.timeline_phases, phase);
  }
}

const presets = [
  "default",
  "minimal",
  "progressOnly",
  "errorsOnly",
  "progress_only",
  "errors_only",
] as const;
export type StreamPreset = (typeof presets)[number];

function withPreset(preset: StreamConfigInput, changes: StreamConfigInput): StreamConfig {
  const { enabled_streams, ...rest } = changes;
  const streams = oneOf({ streams: rest.streams, enabled_streams }) ?? preset.streams;
  return new StreamConfig({ ...preset, ...rest, streams });
}

/** The values of an array or a Set, checked. */
function arrayOf<T extends string>(
  name: ListField,
  values: Values<T> | null | undefined,
  known?: readonly string[],
): readonly T[] | null {
  if (values === undefined || values === null) return null;
  requireStrings(name, values);
  const list = [...values];
  for (const value of list) {
    if (known === undefined || known.includes(value)) continue;
    throw new SettingsError(`${name}: “${value}” is not one of ${known.join(", ")}.`);
  }
  return list;
}

function requireStrings(name: string, values: unknown): void {
  if (Array.isArray(values) || values instanceof Set) {
    if ([...values].every((value) => typeof value === "string")) return;
  }
  throw new SettingsError(`${name} must be an array or a Set of strings.`);
}

function allows(list: readonly string[] | null, value: string | null): boolean {
  return list === null || (value !== null && list.includes(value));
}
