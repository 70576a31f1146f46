import type { CallOptions } from "./http.ts";
import { Http, type HttpOptions, type RequestOptions } from "./http.ts";
import { JobHandle } from "./job-handle.ts";
import { Control } from "./resources/control.ts";
import { Jobs } from "./resources/jobs.ts";
import { Errors, Logs } from "./resources/logs.ts";
import { Metrics } from "./resources/metrics.ts";
import { Predictions } from "./resources/predictions.ts";
import { resolveSettings, type Surroundings } from "./settings.ts";
import { JobStreamer, type JobStreamerOptions } from "./stream/job-streamer.ts";
import type { Capabilities, Health } from "./types.ts";

export interface ClientOptions extends Omit<Partial<HttpOptions>, "apiKey"> {
  apiKey?: string | undefined;
  /** Where settings are looked for that are not given; the process's own where absent. */
  surroundings?: Surroundings | undefined;
}

/** One dashboard. Settings that are not given come from the environment or the credentials file. */
export class SignalboxClient {
  readonly jobs: Jobs;
  readonly metrics: Metrics;
  readonly logs: Logs;
  readonly errors: Errors;
  readonly control: Control;
  readonly predictions: Predictions;
  readonly #http: Http;

  /** @throws SettingsError without an address */
  constructor(options: ClientOptions = {}) {
    this.#http = new Http({ ...options, ...resolveSettings(options, options.surroundings) });
    this.jobs = new Jobs(this.#http, (id, job) => new JobHandle(this, id, job));
    this.metrics = new Metrics(this.#http);
    this.logs = new Logs(this.#http);
    this.errors = new Errors(this.#http);
    this.control = new Control(this.#http);
    this.predictions = new Predictions(this.#http);
  }

  /** The dashboard's address, without a slash at its end. */
  get baseUrl(): string {
    return this.#http.baseUrl;
  }

  /** How the dashboard and what it needs are; also answers while something is down. */
  health(options: CallOptions = {}): Promise<Health> {
    return this.#http.json("GET", "/api/health", { ...options, accept: [503], repeat: "never" });
  }

  /** What the training backend can train, and with which settings. */
  capabilities(options: CallOptions = {}): Promise<Capabilities> {
    return this.#http.json("GET", "/api/training/capabilities", options);
  }

  /** A streamer of one run over this client's connection. */
  streamer(jobId: string, options: Omit<JobStreamerOptions, "jobId" | "http"> = {}): JobStreamer {
    return new JobStreamer({ ...options, jobId, http: this.#http });
  }

  /** Calls a route that has no method of its own here; as safe against repetition as `repeat` says. */
  request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    return this.#http.json(method, path, options);
  }
}
