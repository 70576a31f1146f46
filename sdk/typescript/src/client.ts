import type { Environment } from "./credentials-files.ts";
import type { CallOptions } from "./http.ts";
import { Http, type HttpOptions, type RequestOptions } from "./http.ts";
import { Control } from "./resources/control.ts";
import { Jobs } from "./resources/jobs.ts";
import { Errors, Logs } from "./resources/logs.ts";
import { Metrics } from "./resources/metrics.ts";
import { Predictions } from "./resources/predictions.ts";
import { resolveSettings } from "./settings.ts";
import { JobStreamer } from "./stream/job-streamer.ts";
import type { JobStreamerOptions } from "./stream/job-streamer-options.ts";
import type { Capabilities, Health } from "./types.ts";

export interface ClientOptions extends Omit<Partial<HttpOptions>, "apiKey"> {
  apiKey?: string | undefined;
  /** Where settings are searched that are not given; default: the process's own. */
  environment?: Environment | undefined;
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
    this.#http = new Http({ ...options, ...resolveSettings(options, options.environment) });
    this.jobs = new Jobs(this.#http);
    this.metrics = new Metrics(this.#http);
    this.logs = new Logs(this.#http);
    this.errors = new Errors(this.#http);
    this.control = new Control(this.#http);
    this.predictions = new Predictions(this.#http);
  }

  /** The dashboard's address, without a trailing slash. */
  get baseUrl(): string {
    return this.#http.baseUrl;
  }

  /** The health of the dashboard and of the services that it needs; also while one is down. */
  health(options: CallOptions = {}): Promise<Health> {
    return this.#http.json("GET", "/api/health", { ...options, accept: [503], repeat: "never" });
  }

  /** The training backend's trainers and their settings. */
  capabilities(options: CallOptions = {}): Promise<Capabilities> {
    return this.#http.json("GET", "/api/training/capabilities", options);
  }

  /** A streamer of one run with this client's settings. */
  streamer(jobId: string, options: Omit<JobStreamerOptions, "jobId" | "http"> = {}): JobStreamer {
    return new JobStreamer({ ...options, jobId, http: this.#http });
  }

  /** Calls a route that has no method of its own here. `repeat` says when it may be retried. */
  request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    return this.#http.json(method, path, options);
  }
}
