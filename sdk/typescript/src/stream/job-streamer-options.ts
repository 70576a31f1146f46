import type { MessageHandler } from "../handlers/handler.ts";
import type { HandlerErrorSink } from "../handlers/handler-group.ts";
import type { Http, HttpOptions } from "../http.ts";
import { requireKnown } from "../known-options.ts";
import type { StreamConfig, StreamConfigInput, StreamPreset } from "./config.ts";
import type { Transport } from "./follow-rows.ts";
import type { Cursor } from "./rows.ts";

export interface JobStreamerOptions
  extends Partial<Pick<HttpOptions, "baseUrl" | "timeoutMs" | "fetch" | "clock" | "random">> {
  jobId: string;
  apiKey?: string | undefined;
  /** A client's settings, instead of `baseUrl` and `apiKey`. */
  http?: Http | undefined;
  config?: StreamConfig | StreamConfigInput | StreamPreset | undefined;
  /** Default: one that prints; an empty array for none. */
  handlers?: readonly MessageHandler[] | undefined;
  /** Seconds between two requests when polling; default 2. */
  intervalSeconds?: number | undefined;
  /** Limit for the whole wait; default: none. */
  timeoutSeconds?: number | null | undefined;
  /** Only rows after this cursor; default: from the first. */
  cursor?: Cursor | undefined;
  transport?: Transport | undefined;
  /** Rejects the wait with its reason. */
  signal?: AbortSignal | undefined;
  /** Called at each handler's first failure; default: a line on standard error. */
  onHandlerError?: HandlerErrorSink | undefined;
  /** Called with the reason when streaming is unavailable and polling begins. */
  onFallback?: ((reason: string) => void) | undefined;
}

const known = Object.keys({
  baseUrl: true,
  timeoutMs: true,
  fetch: true,
  clock: true,
  random: true,
  jobId: true,
  apiKey: true,
  http: true,
  config: true,
  handlers: true,
  intervalSeconds: true,
  timeoutSeconds: true,
  cursor: true,
  transport: true,
  signal: true,
  onHandlerError: true,
  onFallback: true,
} satisfies Record<keyof JobStreamerOptions, true>);

/** Throws SettingsError for an option that does not exist. */
export function requireKnownOptions(options: JobStreamerOptions): void {
  requireKnown("JobStreamer", options, known);
}
