import type { CallOptions, Http } from "../http.ts";
import type { ErrorReport, LogLine, LogPage } from "../types.ts";
import { localPath } from "./paths.ts";

const pageLines = 2000;

/** A run's standard output and error. */
export class Logs {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** A page of lines; `tail` counts from the end, `q` selects lines with that text. */
  get(
    jobId: string,
    query: {
      limit?: number | undefined;
      offset?: number | undefined;
      q?: string | undefined;
      tail?: number | undefined;
    } = {},
    options: CallOptions = {},
  ): Promise<LogPage> {
    return this.#http.json("GET", localPath(jobId, "logs"), { ...options, query });
  }

  /** All lines, or all that contain `q`; pages are read on demand. */
  async *lines(
    jobId: string,
    query: { q?: string | undefined } = {},
    options: CallOptions = {},
  ): AsyncGenerator<LogLine, void> {
    for (let offset = 0; ; ) {
      const page = await this.get(jobId, { ...query, offset, limit: pageLines }, options);
      yield* page.logs;
      offset += page.logs.length;
      if (page.logs.length === 0 || offset >= page.total_lines) return;
    }
  }
}

/** A run's errors. */
export class Errors {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Error events newest first, the reason of the failure and the last traceback. */
  get(
    jobId: string,
    query: { limit?: number | undefined; offset?: number | undefined } = {},
    options: CallOptions = {},
  ): Promise<ErrorReport> {
    return this.#http.json("GET", localPath(jobId, "errors"), { ...options, query });
  }
}
