import { CallbackHandler } from "./handlers/callback-handler.ts";
import type { CallOptions } from "./http.ts";
import type { CommandOptions, Control } from "./resources/control.ts";
import type { JobStreamer, JobStreamerOptions } from "./stream/job-streamer.ts";
import type { EventMessage, MetricMessage } from "./stream/message.ts";
import type { Command, Job } from "./types.ts";

export interface PollOptions extends Omit<JobStreamerOptions, "jobId" | "http"> {
  onEvent?: ((message: EventMessage) => void | Promise<void>) | undefined;
  onMetric?: ((message: MetricMessage) => void | Promise<void>) | undefined;
}

/** The parts of a client that a handle uses. */
interface HandleClient {
  readonly jobs: { get(jobId: string, options?: CallOptions): Promise<Job> };
  readonly control: Control;
  streamer(jobId: string, options?: Omit<JobStreamerOptions, "jobId" | "http">): JobStreamer;
}

/** One run: its controls, and a wait for its end. */
export class JobHandle {
  readonly id: string;
  /** The job as last read; null before the first read. */
  job: Job | null;
  readonly #client: HandleClient;

  constructor(client: HandleClient, id: string, job: Job | null = null) {
    this.#client = client;
    this.id = id;
    this.job = job;
  }

  /** Reads the job again. */
  async refresh(options: CallOptions = {}): Promise<Job> {
    this.job = await this.#client.jobs.get(this.id, options);
    return this.job;
  }

  pause(
    options: CommandOptions & { mode?: "hold" | "release" | undefined } = {},
  ): Promise<Command> {
    return this.#client.control.pause(this.id, options);
  }

  resume(options: CommandOptions & { checkpointId?: string | undefined } = {}): Promise<Command> {
    return this.#client.control.resume(this.id, options);
  }

  stop(options: CommandOptions = {}): Promise<Command> {
    return this.#client.control.stop(this.id, options);
  }

  checkpoint(options: CommandOptions = {}): Promise<Command> {
    return this.#client.control.checkpoint(this.id, options);
  }

  updateParams(
    params: Record<string, number | string | boolean>,
    options: CommandOptions = {},
  ): Promise<Command> {
    return this.#client.control.updateParams(this.id, params, options);
  }

  /** Waits until the trainer has answered a command; see `Control.waitFor`. */
  waitFor(
    command: Command | string,
    options: { timeoutMs?: number | undefined; signal?: AbortSignal | undefined } = {},
  ): Promise<Command> {
    return this.#client.control.waitFor(this.id, command, options);
  }

  /**
   * Waits until the run has ended, and emits its events and points from the first on; see
   * `JobStreamer.streamUntilTerminal`. Other handlers receive what `config` selects.
   */
  async pollUntilTerminal(options: PollOptions = {}): Promise<Job | null> {
    const { onEvent, onMetric, handlers = [], ...rest } = options;
    const config =
      handlers.length === 0 ? { streams: ["status", "events", "metrics"] as const } : undefined;
    const callbacks = new CallbackHandler({
      ...(onEvent && { events: onEvent }),
      ...(onMetric && { metrics: onMetric }),
    });
    const job = await this.#client
      .streamer(this.id, { config, ...rest, handlers: [callbacks, ...handlers] })
      .streamUntilTerminal();
    if (job) this.job = job;
    return job;
  }
}
