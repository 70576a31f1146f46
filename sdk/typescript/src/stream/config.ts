import { SettingsError } from "../errors.ts";
import { type StreamType, streamTypes } from "./message.ts";

/** Which messages a streamer passes to its handlers, and how. Null: all of them. */
interface StreamConfigFields {
  streams: readonly StreamType[];
  event_types: readonly string[] | null;
  event_levels: readonly string[] | null;
  /** Exact names, or patterns in which `*` matches any text. */
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

export type StreamConfigInput = Partial<StreamConfigFields>;
export type StreamPreset = "default" | "minimal" | "progress_only" | "errors_only";

const lists = [
  "event_types",
  "event_levels",
  "metric_names",
  "metric_phases",
  "timeline_phases",
] as const;
const known = new Set<string>([
  ...lists,
  "streams",
  "sample_rate",
  "max_events_per_poll",
  "deduplicate",
]);

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

  /** @throws SettingsError that names the field, for a value out of range */
  constructor(fields: StreamConfigInput = {}) {
    for (const name of Object.keys(fields)) {
      if (!known.has(name)) throw new SettingsError(`StreamConfig has no field ${name}.`);
    }
    this.streams = fields.streams ?? ["status", "events", "metrics", "timeline"];
    for (const name of ["streams", ...lists] as const) requireStrings(name, fields[name]);
    for (const stream of this.streams) {
      if (!streamTypes.includes(stream)) {
        throw new SettingsError(`streams: “${stream}” is not one of ${streamTypes.join(", ")}.`);
      }
    }
    this.event_types = fields.event_types ?? null;
    this.event_levels = fields.event_levels ?? null;
    this.metric_names = fields.metric_names ?? null;
    this.metric_phases = fields.metric_phases ?? null;
    this.timeline_phases = fields.timeline_phases ?? null;
    this.sample_rate = fields.sample_rate ?? 1;
    if (!(this.sample_rate > 0 && this.sample_rate <= 1)) {
      throw new SettingsError("sample_rate must be above 0 and at most 1.");
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
  }

  /** Status, events, metrics and timeline. */
  static default(changes: StreamConfigInput = {}): StreamConfig {
    return new StreamConfig(changes);
  }

  /** Status alone. */
  static minimal(changes: StreamConfigInput = {}): StreamConfig {
    return new StreamConfig({ streams: ["status"], ...changes });
  }

  /** Status and metrics. */
  static progress_only(changes: StreamConfigInput = {}): StreamConfig {
    return new StreamConfig({ streams: ["status", "metrics"], ...changes });
  }

  /** Status, and events of level error. */
  static errors_only(changes: StreamConfigInput = {}): StreamConfig {
    return new StreamConfig({ streams: ["status", "events"], event_levels: ["error"], ...changes });
  }

  /** A configuration from a preset's name, from fields, or as given. */
  static from(config: StreamConfig | StreamConfigInput | StreamPreset = {}): StreamConfig {
    if (config instanceof StreamConfig) return config;
    if (typeof config !== "string") return new StreamConfig(config);
    if (!Object.hasOwn(presets, config)) {
      throw new SettingsError(`“${config}” is not one of ${Object.keys(presets).join(", ")}.`);
    }
    return presets[config]();
  }
}

const presets: Record<StreamPreset, () => StreamConfig> = {
  default: StreamConfig.default,
  minimal: StreamConfig.minimal,
  progress_only: StreamConfig.progress_only,
  errors_only: StreamConfig.errors_only,
};

function requireStrings(name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) {
    throw new SettingsError(`${name} must be a list of strings.`);
  }
}
