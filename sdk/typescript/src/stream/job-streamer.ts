import { backoffMs } from "@signalbox/protocol/time/backoff";
import { sleep } from "@signalbox/protocol/time/sleep";
import { SettingsError, SignalboxError, StreamTimeoutError } from "../errors.ts";
import { CLIHandler } from "../handlers/cli-handler.ts";
import { HandlerGroup } from "../handlers/handler-group.ts";
import { Http } from "../http.ts";
import { requireJobId } from "../resources/paths.ts";
import { resolveSettings } from "../settings.ts";
import { isTerminal, type Job } from "../types.ts";
import { StreamConfig } from "./config.ts";
import { decodeRow } from "./decode.ts";
import { MessageFilter } from "./filter.ts";
import { followRows, type Transport } from "./follow-rows.ts";
import { type JobStreamerOptions, requireKnownOptions } from "./job-streamer-options.ts";
import { type JournalRow, streamsOf } from "./message.ts";
import { pollRows } from "./poll-rows.ts";
import { type Cursor, type Delivery, loadJob, type SourceContext } from "./rows.ts";

const stopped = Symbol("stopped");

/** Passes everything that a run emits, from its first row on, to handlers until the run has ended. */
export class JobStreamer {
  readonly jobId: string;
  readonly config: StreamConfig;
  readonly #options: JobStreamerOptions;
  readonly #http: Http;
  readonly #handlers: HandlerGroup;
  readonly #intervalMs: number;
  readonly #filter: MessageFilter;
  #transport: Transport;
  #cursor: Cursor | null;
  #job: Job | null = null;
  #status: string | null = null;
  #controller: AbortController | null = null;
  #over: Promise<void> = Promise.resolve();

  /** A streamer of one run of a dashboard; an address or key that is undefined is searched. */
  static fromJobId(
    baseUrl: string | undefined,
    apiKey: string | undefined,
    jobId: string,
    options: Omit<JobStreamerOptions, "baseUrl" | "apiKey" | "jobId"> = {},
  ): JobStreamer {
    return new JobStreamer({ ...options, baseUrl, apiKey, jobId });
  }

  /** @throws SettingsError for a value out of range, or without an address */
  constructor(options: JobStreamerOptions) {
    requireKnownOptions(options);
    this.#options = options;
    this.jobId = requireJobId(options.jobId);
    this.config = StreamConfig.from(options.config);
    this.#intervalMs = 1000 * positive("intervalSeconds", options.intervalSeconds ?? 2);
    if (options.timeoutSeconds != null) positive("timeoutSeconds", options.timeoutSeconds);
    this.#http = options.http ?? new Http({ ...options, ...resolveSettings(options) });
    this.#handlers = new HandlerGroup(
      options.handlers ?? [new CLIHandler()],
      options.onHandlerError ?? ((error) => console.error("A stream's handler failed:", error)),
    );
    this.#filter = new MessageFilter(this.config);
    this.#transport = options.transport ?? "auto";
    this.#cursor = options.cursor ?? null;
  }

  /** Number of handler failures so far. */
  get handlerFailures(): number {
    return this.#handlers.failures;
  }

  /** Everything up to this cursor has been handled; null before the first reply. */
  get cursor(): Cursor | null {
    return this.#cursor;
  }

  /**
   * Streams until the run has ended and every message is handled and flushed; returns the ended job,
   * or the last one read after `stop()` (null if none was). Another call continues from there.
   * @throws StreamTimeoutError; NotFoundError, UnauthorizedError, ForbiddenError; the signal's reason
   */
  async streamUntilTerminal(): Promise<Job | null> {
    if (this.#controller) {
      throw new SignalboxError({ code: "busy", message: "This streamer is streaming already." });
    }
    const controller = new AbortController();
    this.#controller = controller;
    const over = Promise.withResolvers<void>();
    this.#over = over.promise;
    const { signal, timeoutSeconds } = this.#options;
    const onAbort = () => controller.abort(signal?.reason);
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    const { clock } = this.#http;
    const timer =
      timeoutSeconds == null
        ? null
        : clock.setTimeout(
            () =>
              controller.abort(new StreamTimeoutError(this.jobId, timeoutSeconds, this.#status)),
            timeoutSeconds * 1000,
          );
    try {
      return await this.#run(controller.signal);
    } catch (error) {
      if (error === stopped) return this.#job;
      throw error;
    } finally {
      clock.clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      await this.#handlers.finish();
      this.#controller = null;
      over.resolve();
    }
  }

  /** Ends the streaming after the current message; handlers are flushed. */
  stop(): void {
    this.#controller?.abort(stopped);
  }

  /** Ends the streaming, and waits until handlers are flushed. In a handler, use `stop()`. */
  close(): Promise<void> {
    this.stop();
    return this.#over;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(signal: AbortSignal): Promise<Job> {
    const context: SourceContext = {
      http: this.#http,
      jobId: this.jobId,
      signal,
      pageSize: this.config.max_events_per_poll,
      intervalMs: this.#intervalMs,
      events: streamsOf([...this.config.streams, "status"]),
    };
    let job = await this.#loadJob(context);
    await this.#handlers.begin(job);
    let at = this.#cursor ?? { generation: job.generation, seq: 0 };
    let source = this.#follow(context, at);
    for (let resets = 0; ; ) {
      const over = await this.#deliver(source, at, signal);
      job = await this.#loadJob(context);
      const { clock, random } = this.#http;
      if (over.kind === "reset" || job.generation !== at.generation) {
        // The first reset is followed at once; repeated ones back off.
        if (resets > 0) await sleep(clock, backoffMs(resets, random), signal);
        resets += 1;
        at = { generation: job.generation, seq: 0 };
        source = this.#follow(context, at);
        continue;
      }
      at = over.at;
      // Rows after the terminal state are read too; a retried run continues.
      if (!isTerminal(job.status)) source = this.#follow(context, at);
      else if (at.seq < job.last_seq) source = pollRows(context, at);
      else return job;
    }
  }

  #follow(context: SourceContext, cursor: Cursor): AsyncGenerator<Delivery> {
    return followRows(context, cursor, this.#transport, (reason) => {
      this.#transport = "poll";
      this.#options.onFallback?.(reason);
    });
  }

  async #loadJob(context: SourceContext): Promise<Job> {
    const job = await loadJob(context);
    this.#job = job;
    this.#status = job.status;
    return job;
  }

  /** Delivers what a source yields, to its end; `at` moves with what has been delivered. */
  async #deliver(
    source: AsyncGenerator<Delivery>,
    start: Cursor,
    signal: AbortSignal,
  ): Promise<{ kind: "reset" | "end"; at: Cursor }> {
    let at = start;
    const reach = (seq: number) => {
      at = { ...at, seq: Math.max(at.seq, seq) };
      this.#cursor = at;
    };
    reach(start.seq);
    for await (const delivery of source) {
      if (delivery.kind !== "rows") return { kind: delivery.kind, at };
      for (const [index, row] of delivery.rows.entries()) {
        await this.#handle(row, signal);
        // Rows that share a seq move the cursor together; a pushed event may be ahead of other rows.
        if (delivery.rows[index + 1]?.seq !== row.seq) reach(Math.min(row.seq, delivery.seq));
      }
      reach(delivery.seq);
    }
    return { kind: "reset", at };
  }

  async #handle(row: JournalRow, signal: AbortSignal): Promise<void> {
    for (const message of decodeRow(this.jobId, row)) {
      signal.throwIfAborted();
      // It is the run's state even if the filters drop it.
      if (message.stream_type === "status") this.#status = message.data.status;
      if (this.#filter.passes(message)) await this.#handlers.deliver(message);
    }
  }
}

function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new SettingsError(`${name} must be a number greater than 0.`);
}
