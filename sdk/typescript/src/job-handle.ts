import { CallbackHandler, type MessageData } from "./handlers/callback-handler.ts";
import { type CallOptions, Http } from "./http.ts";
import { type CommandOptions, Control } from "./resources/control.ts";
import { jobPath, requireJobId } from "./resources/paths.ts";
import { resolveSettings } from "./settings.ts";
import { JobStreamer } from "./stream/job-streamer.ts";
import type { JobStreamerOptions } from "./stream/job-streamer-options.ts";
import type { EventMessage, MetricMessage } from "./stream/message.ts";
import type { Command, Job } from "./types.ts";

export interface PollOptions extends Omit<JobStreamerOptions, "jobId" | "http"> {
  /** Called with the data of each event, and with its message. */
  onEvent?:
    | ((event: MessageData<"events">, message: EventMessage) => void | Promise<void>)
    | undefined;
  /** Called with the data of each point, and with its message. */
  onMetric?:
    | ((point: MessageData<"metrics">, message: MetricMessage) => void | Promise<void>)
    | undefined;
}

/** One run: its controls, and a wait for its end. */
export class JobHandle {
  readonly id: string;
  /** The job as last read; null before the first read. */
  job: Job | null;
  readonly #http: Http;
  readonly #control: Control;

  /**
   * An address or key that is not given comes from the settings; `given.http` takes a client's.
   * @throws SettingsError without an address
   */
  constructor(
    baseUrl: string | undefined,
    apiKey: string | undefined,
    jobId: string,
    given: { http?: Http; job?: Job | null } = {},
  ) {
    this.id = requireJobId(jobId);
    this.job = given.job ?? null;
    this.#http = given.http ?? new Http(resolveSettings({ baseUrl, apiKey }));
    this.#control = new Control(this.#http);
  }

  /** Reads the job again. */
  async refresh(options: CallOptions = {}): Promise<Job> {
    this.job = await this.#http.json<Job>("GET", jobPath(this.id), options);
    return this.job;
  }

  pause(
    options: CommandOptions & { mode?: "hold" | "release" | undefined } = {},
  ): Promise<Command> {
    return this.#control.pause(this.id, options);
  }

  resume(options: CommandOptions & { checkpointId?: string | undefined } = {}): Promise<Command> {
    return this.#control.resume(this.id, options);
  }

  stop(options: CommandOptions = {}): Promise<Command> {
    return this.#control.stop(this.id, options);
  }

  checkpoint(options: CommandOptions = {}): Promise<Command> {
    return this.#control.checkpoint(this.id, options);
  }

  updateParams(
    params: Record<string, number | string | boolean>,
    options: CommandOptions = {},
  ): Promise<Command> {
    return this.#control.updateParams(this.id, params, options);
  }

  /** Waits until the trainer has answered a command; see `Control.waitFor`. */
  waitFor(
    command: Command | string,
    options: { timeoutMs?: number | undefined; signal?: AbortSignal | undefined } = {},
  ): Promise<Command> {
    return this.#control.waitFor(this.id, command, options);
  }

  /**
   * Waits until the run has ended, with its events and points from the first on; see
   * `JobStreamer.streamUntilTerminal`. Other handlers receive what `config` selects.
   */
  async pollUntilTerminal(options: PollOptions = {}): Promise<Job | null> {
    const { onEvent, onMetric, handlers = [], ...rest } = options;
    const config =
      handlers.length === 0 ? { streams: ["status", "events", "metrics"] as const } : undefined;
    const streamer = new JobStreamer({
      config,
      ...rest,
      jobId: this.id,
      http: this.#http,
      handlers: [new CallbackHandler({ onEvent, onMetric }), ...handlers],
    });
    const job = await streamer.streamUntilTerminal();
    if (job) this.job = job;
    return job;
  }
}
