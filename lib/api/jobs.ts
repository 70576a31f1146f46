import {
  type Job,
  type JobKind,
  type JobList,
  type JobStatus,
  jobListSchema,
  jobSchema,
  type StartJobBody,
  type UpdateJobBody,
} from "@signalbox/protocol/job/job";
import { trainerQueueSchema } from "@signalbox/protocol/service/trainer-queue";
import { z } from "zod";
import { apiFetch, toQuery } from "./client.ts";
import { wholePage } from "./whole-page.ts";

export interface JobsQuery {
  limit?: number;
  offset?: number;
  status?: readonly JobStatus[];
  kind?: readonly JobKind[];
  tag?: readonly string[];
  ids?: readonly string[];
  q?: string;
  sort?: string;
  /** Conditions such as `config.batch_size:32`; see @signalbox/protocol/run-field. */
  where?: readonly string[];
  group?: string;
  collapsed?: readonly string[];
  /** With `group`: config and latest values whose mean each group tells. */
  means?: readonly string[];
  archived?: "true" | "false" | "all";
}

/** A job on its own, whether the reply wraps it as `{job}` or not. */
const jobReplySchema = z.union([
  z.object({ job: jobSchema }).transform(({ job }) => job),
  jobSchema,
]);

const job = (id: string) => `/api/training/${encodeURIComponent(id)}`;

/** `GET /api/training/jobs`: `limit` jobs from `offset` on, with the groups of the first page. */
export function listJobs(query: JobsQuery, signal?: AbortSignal): Promise<JobList> {
  const { limit = 50, offset = 0, ...rest } = query;
  return wholePage(
    { limit, offset },
    (some, from) => readPage({ ...rest, limit: some, offset: from }, signal),
    {
      count: ({ jobs }) => jobs.length,
      total: ({ total, groups }) => {
        const hidden = (groups ?? []).filter(({ key }) => rest.collapsed?.includes(key));
        return hidden.reduce((shown, { count }) => shown - count, total);
      },
      join: (first, next) => ({ ...first, jobs: [...first.jobs, ...next.jobs] }),
    },
  );
}

function readPage(query: JobsQuery, signal?: AbortSignal): Promise<JobList> {
  const { where = [], collapsed = [], means = [], ...rest } = query;
  const params = new URLSearchParams(toQuery({ ...rest }));
  // Repeated: what they hold may have commas.
  for (const condition of where) params.append("where", condition);
  for (const key of collapsed) params.append("collapsed", key);
  for (const field of means) params.append("means", field);
  return apiFetch(`/api/training/jobs?${params}`, { schema: jobListSchema, signal });
}

/** `POST /api/training/jobs`: starts a run on the training backend; the same key starts it once. */
export function startJob(body: StartJobBody, idempotencyKey: string): Promise<Job> {
  return apiFetch("/api/training/jobs", {
    schema: jobReplySchema,
    method: "POST",
    body,
    headers: { "idempotency-key": idempotencyKey },
  });
}

/** `GET /api/training/{id}` */
export function getJob(id: string, signal?: AbortSignal): Promise<Job> {
  return apiFetch(job(id), { schema: jobReplySchema, signal });
}

/** `PUT /api/training/{id}`: name, tags, notes, archived. */
export function updateJob(id: string, body: UpdateJobBody): Promise<Job> {
  return apiFetch(job(id), { schema: jobReplySchema, method: "PUT", body });
}

/** `DELETE /api/training/{id}`: with all its rows; refused while it is active. */
export async function deleteJob(id: string): Promise<void> {
  await apiFetch(job(id), { schema: z.unknown(), method: "DELETE" });
}

/** `GET /api/training/queue` */
export function getTrainerQueue(signal?: AbortSignal) {
  return apiFetch("/api/training/queue", { schema: trainerQueueSchema, signal });
}
