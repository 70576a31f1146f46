import {
  backendCommandBodySchema,
  backendStartBodySchema,
} from "@signalbox/protocol/service/backend";
import { z } from "zod";
import type { Job } from "../jobs/job.ts";
import { readLog } from "../jobs/job-log.ts";
import type { JobManager } from "../jobs/job-manager.ts";
import { describeRecord } from "../jobs/job-record.ts";
import { trainers } from "../trainers/registry.ts";
import { InvalidError, NotFoundError } from "./errors.ts";

export interface Reply {
  status: number;
  body: unknown;
}

export interface BackendRequest {
  method: string;
  url: URL;
  body: unknown;
}

const VERSION = "0.1.0";
const offsetSchema = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0);

/** Handles one authorised request. */
export async function handleRequest(jobs: JobManager, request: BackendRequest): Promise<Reply> {
  const [version, collection, id, part, ...rest] = pathOf(request.url);
  if (version === "v1" && rest.length === 0) {
    const route = `${request.method} ${collection}${id === undefined ? "" : "/:id"}${part ? `/${part}` : ""}`;
    switch (route) {
      case "GET health":
        return ok({
          status: "ok",
          version: VERSION,
          id: jobs.id,
          active_jobs: jobs.activeJobs,
          waiting_jobs: jobs.queue().waiting.length,
        });
      case "GET capabilities":
        return ok(trainers.capabilities());
      case "GET queue":
        return ok(jobs.queue());
      case "POST jobs":
        return startJob(jobs, request.body);
      case "GET jobs/:id":
        return ok(describeRecord(jobs.get(id ?? "").record));
      case "DELETE jobs/:id":
        await jobs.delete(id ?? "");
        return ok({ success: true });
      case "POST jobs/:id/commands":
        return commandJob(jobs, id ?? "", request.body);
      case "GET jobs/:id/logs":
        return ok(await readLog(jobs.get(id ?? "").folder.log, afterOffset(request.url)));
      case "GET jobs/:id/checkpoints":
        return ok({ checkpoints: jobs.get(id ?? "").checkpoints.describe() });
    }
  }
  throw new NotFoundError(`Route not found: ${request.method} ${request.url.pathname}`);
}

function startJob(jobs: JobManager, body: unknown): Reply {
  const { job, created } = jobs.create(parse(backendStartBodySchema, body));
  const { job_id, status, attempt } = job.record;
  return { status: created ? 201 : 200, body: { job_id, status, attempt } };
}

function commandJob(jobs: JobManager, id: string, body: unknown): Reply {
  const command = parse(backendCommandBodySchema, body);
  const job = jobs.command(id, command);
  return {
    status: 202,
    body: { command: describeCommand(job, command.id), job: describeRecord(job.record) },
  };
}

function describeCommand(job: Job, id: string) {
  const known = job.command(id);
  return {
    id,
    type: known?.type ?? "unknown",
    status: known?.answer?.status ?? "delivered",
    applied_step: known?.answer?.applied_step ?? null,
    reason: known?.answer?.reason ?? null,
  };
}

function afterOffset(url: URL): number {
  return parse(offsetSchema, url.searchParams.get("after_offset") ?? undefined);
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw InvalidError.from(parsed.error);
  return parsed.data;
}

function pathOf(url: URL): string[] {
  try {
    return url.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    throw new NotFoundError("Route not found");
  }
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}
