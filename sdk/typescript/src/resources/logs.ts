import type { CallOptions, Http } from "../http.ts";
import type { ErrorReport, LogLine, LogPage } from "../types.ts";
import { localPath } from "./paths.ts";

const pageLines = 2000;

/** What a run wrote to standard output and error. */
export class Logs {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** A page of lines; `tail` counts from the end, `q` keeps the lines with that text. */
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

  /** All lines (or all with a text), page after page as they are asked for. */
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

/** What went wrong in a run. */
export class Errors {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Error events newest first, the reason of a failure and the last traceback. */
  get(
    jobId: string,
    query: { limit?: number | undefined; offset?: number | undefined } = {},
    options: CallOptions = {},
  ): Promise<ErrorReport> {
    return this.#http.json("GET", localPath(jobId, "errors"), { ...options, query });
  }
}
