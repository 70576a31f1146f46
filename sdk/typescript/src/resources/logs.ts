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

  /** All lines, all that contain `q`, or the last `tail` of these; pages are read on demand. */
  async *lines(
    jobId: string,
    { q, tail }: { q?: string | undefined; tail?: number | undefined } = {},
    options: CallOptions = {},
  ): AsyncGenerator<LogLine, void> {
    const last = tail === undefined ? null : await this.get(jobId, { q, tail }, options);
    const end = last?.offset ?? Number.POSITIVE_INFINITY;
    let offset = last ? Math.max(0, last.offset + last.logs.length - (tail ?? 0)) : 0;
    while (offset < end) {
      const limit = Math.min(pageLines, end - offset);
      const page = await this.get(jobId, { q, offset, limit }, options);
      yield* page.logs;
      offset += page.logs.length;
      if (page.logs.length === 0 || offset >= page.total_lines) break;
    }
    if (last) yield* last.logs;
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
