import type { CallOptions, Http, Query } from "../http.ts";
import { newId } from "../ids.ts";
import { JobHandle } from "../job-handle.ts";
import type {
  AttachedJob,
  AttachJob,
  Job,
  JobFilter,
  JobListQuery,
  JobPage,
  StartJob,
  UpdateJob,
} from "../types.ts";
import { jobPath } from "./paths.ts";

const pageSize = 200;

/** Runs: find, start, attach, change, delete. */
export class Jobs {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** A run by its id, without checking that it exists. */
  handle(jobId: string): JobHandle {
    return this.#handle(jobId);
  }

  /** One page of the runs that match, newest first unless sorted otherwise. */
  list(query: JobListQuery = {}, options: CallOptions = {}): Promise<JobPage> {
    return this.#http.json("GET", "/api/training/jobs", { ...options, query: listQuery(query) });
  }

  /** All runs that match, each once; pages are read on demand. */
  async *all(filter: JobFilter = {}, options: CallOptions = {}): AsyncGenerator<Job, void> {
    // A run started meanwhile moves the others down: repeated ones are skipped.
    const seen = new Set<string>();
    for (let offset = 0; ; ) {
      const page = await this.list({ ...filter, limit: pageSize, offset }, options);
      for (const job of page.jobs) {
        if (seen.has(job.id)) continue;
        seen.add(job.id);
        yield job;
      }
      offset += page.jobs.length;
      if (page.jobs.length < pageSize) return;
    }
  }

  get(jobId: string, options: CallOptions = {}): Promise<Job> {
    return this.#http.json("GET", jobPath(jobId), options);
  }

  /**
   * Starts a run on the training backend; a retry with the same key starts no second one.
   * @throws UnsupportedError for a trainer or configuration that the backend refuses
   */
  async create(
    job: StartJob,
    options: CallOptions & { idempotencyKey?: string | undefined } = {},
  ): Promise<JobHandle> {
    const { idempotencyKey = newId("start", this.#http.clock.wallTime()), ...call } = options;
    const started = await this.#http.json<Job>("POST", "/api/training/jobs", {
      ...call,
      body: job,
      headers: { "idempotency-key": idempotencyKey },
      // A server that responds with 503 has stored the run as failed: a retry would hide that.
      repeat: "unanswered",
    });
    return this.#handle(started.id, started);
  }

  /** Registers a run that you train yourself, or continues it with a new token. */
  attach(job: AttachJob = {}, options: CallOptions = {}): Promise<AttachedJob> {
    const body = { ...job, job_id: job.job_id ?? newId("job", this.#http.clock.wallTime()) };
    return this.#http.json("POST", "/api/training/local/jobs", {
      ...options,
      body,
      repeat: "always",
    });
  }

  /** Changes the name, tags or notes, or archives the run. */
  update(jobId: string, changes: UpdateJob, options: CallOptions = {}): Promise<Job> {
    return this.#http.json("PUT", jobPath(jobId), { ...options, body: changes });
  }

  /**
   * Deletes a run with all its rows.
   * @throws ConflictError while it is active
   */
  async delete(jobId: string, options: CallOptions = {}): Promise<void> {
    await this.#http.json("DELETE", jobPath(jobId), options);
  }

  #handle(jobId: string, job: Job | null = null): JobHandle {
    return new JobHandle(undefined, undefined, jobId, { http: this.#http, job });
  }
}

function listQuery({ status, kind, tag, ids, ...rest }: JobListQuery): Query {
  return { ...rest, status: csv(status), kind: csv(kind), tag: csv(tag), ids: csv(ids) };
}

function csv(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.join(",");
}
