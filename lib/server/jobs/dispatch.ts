import type { Command } from "@signalbox/protocol/job/command";
import type { Job } from "@signalbox/protocol/job/job";
import { managedJobToken } from "../auth/secrets";
import { callBackend } from "../backend/backend-client";
import { assignBackend, callBackendOf, readJobBackend } from "../backend/job-backend";
import { env } from "../env";
import { AppError } from "../errors";
import { callRpc } from "../rpc/call-rpc";
import { requireOwnSource } from "./require-own-source";

/** Sends a user's queued job to the training backend. Safe to repeat: its id is the idempotency key. */
export async function dispatchStart(userId: string, job: Job): Promise<void> {
  await sendStart(userId, job, 1, managedJobToken(job.id));
}

async function sendStart(userId: string, job: Job, attempt: number, token: string): Promise<void> {
  const source = await requireOwnSource(userId, job);
  await callBackend(await assignBackend(userId, job.id, source), "/v1/jobs", {
    method: "POST",
    idempotencyKey: attempt === 1 ? job.id : `${job.id}/${attempt}`,
    body: {
      job_id: job.id,
      owner: userId,
      name: job.name,
      kind: job.kind,
      config: job.config,
      dashboard_url: env().SIGNALBOX_URL,
      job_token: token,
      attempt,
    },
  });
}

/**
 * Sends the backend a resume that starts a new attempt. Safe to repeat: the command id is the
 * idempotency key. A job whose start never reached the backend is started instead.
 * @throws AppError conflict when the backend no longer has the job
 */
export async function dispatchResume(userId: string, job: Job, command: Command): Promise<void> {
  try {
    await sendResume(userId, job, command);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    if (job.started_at === null) return sendStart(userId, job, job.attempt, tokenOf(job, command));
    throw new AppError("conflict", "The training backend no longer has this run.", {
      cause: error,
    });
  }
}

function tokenOf(job: Job, command: Command): string {
  return managedJobToken(job.id, { commandId: command.id });
}

async function sendResume(userId: string, job: Job, command: Command): Promise<void> {
  const backend = await readJobBackend(userId, job.id);
  await callBackendOf(backend, `/v1/jobs/${encodeURIComponent(job.id)}/commands`, {
    method: "POST",
    body: {
      id: command.id,
      type: "resume",
      args: command.args,
      job_token: tokenOf(job, command),
      attempt: job.attempt,
    },
  });
}

/** Marks a queued job as failed, with the reason why the backend did not accept it. */
export async function failDispatch(userId: string, jobId: string, error: unknown): Promise<void> {
  const reason = error instanceof AppError ? error.message : "The training backend failed.";
  await callRpc("fail_start", { p_user_id: userId, p_job_id: jobId, p_reason: reason });
}
