import { backoffMs, retryAfterMs } from "@signalbox/protocol/time/backoff";
import { type Clock, systemClock } from "@signalbox/protocol/time/clock";
import { sleep } from "@signalbox/protocol/time/sleep";
import { isJsonObject, parseJson } from "@signalbox/protocol/wire/json";
import { toJson } from "@signalbox/protocol/wire/wire-number";
import {
  ConnectionError,
  errorOfStatus,
  SignalboxError,
  TimeoutError,
  UnexpectedReplyError,
} from "./errors.ts";
import type { Settings } from "./settings.ts";
import { trusted } from "./trusted.ts";

type QueryValue = string | number | boolean | null | undefined | readonly string[];
export type Query = Record<string, QueryValue>;

/** Options of every call. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** For each attempt; default: the client's. */
  timeoutMs?: number | undefined;
}

/**
 * When a request may be retried: `always` if repeating it changes nothing (a read, or a request with
 * an idempotency key), `unanswered` only if no reply of the dashboard itself arrived.
 */
type Repeatable = "always" | "unanswered" | "never";

export interface RequestOptions extends CallOptions {
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
  repeat?: Repeatable;
  /** A credential instead of the client's, such as a job token. */
  bearer?: string | undefined;
  /** Statuses besides 2xx that are not errors. */
  accept?: readonly number[];
}

export interface HttpOptions extends Settings {
  timeoutMs?: number | undefined;
  retries?: number | undefined;
  fetch?: typeof fetch | undefined;
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
}

const gatewayStatuses = new Set([429, 502, 504]);
const passingStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Sends requests to one dashboard: credentials, timeout, typed errors, safe retries. */
export class Http {
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly #apiKey: string | null;
  readonly #fetch: typeof fetch;
  readonly #timeoutMs: number;
  readonly #retries: number;

  constructor(options: HttpOptions) {
    this.baseUrl = options.baseUrl;
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? Math.random;
    this.#apiKey = options.apiKey;
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#retries = options.retries ?? 3;
  }

  /**
   * Sends a request and parses the JSON reply.
   * @throws SignalboxError of the reply; ConnectionError, TimeoutError; the signal's reason
   */
  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const repeat = options.repeat ?? (method === "GET" || method === "HEAD" ? "always" : "never");
    // Serialised once: the server recognises a retry by its bytes.
    const body = options.body === undefined ? undefined : toJson(options.body);
    for (let attempt = 0; ; attempt += 1) {
      try {
        return trusted<T>(await this.#once(method, path, options, body));
      } catch (error) {
        if (attempt >= this.#retries || !mayRepeat(error, repeat)) throw error;
        const retryAfter = error instanceof SignalboxError ? error.retryAfterMs : 0;
        await sleep(this.clock, backoffMs(attempt, this.random, retryAfter), options.signal);
      }
    }
  }

  /** Sends a request and returns the open response, whatever its status; no timeout. */
  async open(
    path: string,
    options: { query?: Query; headers?: Record<string, string>; signal: AbortSignal },
  ): Promise<Response> {
    try {
      return await this.#fetch(this.#url(path, options.query), {
        headers: { ...this.#headers(), ...options.headers },
        redirect: "manual",
        signal: options.signal,
      });
    } catch (error) {
      if (options.signal.aborted) throw options.signal.reason;
      throw this.#unreachable(error);
    }
  }

  async #once(
    method: string,
    path: string,
    options: RequestOptions,
    body: string | undefined,
  ): Promise<unknown> {
    const { signal } = options;
    signal?.throwIfAborted();
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    const controller = new AbortController();
    const onAbort = () => controller.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    let late = false;
    const timer = this.clock.setTimeout(() => {
      late = true;
      controller.abort();
    }, timeoutMs);
    try {
      const response = await this.#fetch(this.#url(path, options.query), {
        method,
        headers: {
          ...this.#headers(options.bearer),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...options.headers,
        },
        redirect: "manual",
        signal: controller.signal,
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      return readReply(response, text, this.clock.wallTime(), options.accept ?? []);
    } catch (error) {
      if (error instanceof SignalboxError) throw error;
      if (signal?.aborted) throw signal.reason;
      if (late) {
        throw new TimeoutError({
          code: "timeout",
          message: `${this.baseUrl} did not respond within ${timeoutMs / 1000} s.`,
          cause: error,
        });
      }
      throw this.#unreachable(error);
    } finally {
      this.clock.clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  #url(path: string, query: Query = {}): string {
    const url = new URL(this.baseUrl + path);
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined || value === null) continue;
      for (const item of Array.isArray(value) ? value : [value]) {
        url.searchParams.append(name, String(item));
      }
    }
    return url.href;
  }

  #headers(bearer?: string): Record<string, string> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (bearer !== undefined) headers.authorization = `Bearer ${bearer}`;
    else if (this.#apiKey?.startsWith("sbx_")) headers["x-api-key"] = this.#apiKey;
    else if (this.#apiKey) headers.authorization = `Bearer ${this.#apiKey}`;
    return headers;
  }

  #unreachable(error: unknown): ConnectionError {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error && cause.message ? cause.message : "the connection broke";
    return new ConnectionError({
      code: "connection",
      message: `${this.baseUrl} cannot be reached: ${why}.`,
      cause: error,
    });
  }
}

function mayRepeat(error: unknown, repeat: Repeatable): boolean {
  if (repeat === "never") return false;
  if (error instanceof ConnectionError || error instanceof TimeoutError) return true;
  if (!(error instanceof SignalboxError) || error.status === null) return false;
  return (repeat === "always" ? passingStatuses : gatewayStatuses).has(error.status);
}

function readReply(
  response: Response,
  text: string,
  now: number,
  accept: readonly number[],
): unknown {
  const body = parseJson(text);
  if (response.ok || accept.includes(response.status)) {
    if (body !== undefined) return body;
    throw new UnexpectedReplyError({
      code: "unexpected_reply",
      message: `${response.url || "The server"} sent a reply that is not JSON.`,
      status: response.status,
      requestId: response.headers.get("x-request-id"),
    });
  }
  throw errorOf(response, body, now);
}

/** The typed error of a response that is not 2xx; also for a proxy's error page. */
export function errorOf(response: Response, body: unknown, now: number): SignalboxError {
  const { status, headers } = response;
  const requestId = headers.get("x-request-id");
  if (status >= 300 && status < 400) {
    return new UnexpectedReplyError({
      code: "redirect",
      message: `The server redirects to ${headers.get("location")}. Use that address instead.`,
      status,
      requestId,
    });
  }
  const error = isJsonObject(body) && isJsonObject(body.error) ? body.error : {};
  const ours = typeof error.code === "string" && typeof error.message === "string";
  return errorOfStatus(status, {
    code: ours ? String(error.code) : `http_${status}`,
    message: ours ? String(error.message) : `The server responded with status ${status}.`,
    requestId: typeof error.request_id === "string" ? error.request_id : requestId,
    details: error.details,
    retryAfterMs: retryAfterMs(headers.get("retry-after"), now),
  });
}
