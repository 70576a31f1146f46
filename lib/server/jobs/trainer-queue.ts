import type { Job } from "@signalbox/protocol/job/job";
import type { BackendQueue } from "@signalbox/protocol/service/backend";
import type { TrainerQueue } from "@signalbox/protocol/service/trainer-queue";
import type { UserPrincipal } from "../auth/principal";
import { callBackendOf, readJobBackend } from "../backend/job-backend";
import { backendQueues } from "../backend/queue";
import { AppError } from "../errors";

/**
 * The user's places in the training backends' queues.
 * @throws AppError backend_unavailable, unsupported for backends without a queue
 */
export async function readTrainerQueue({ userId }: UserPrincipal): Promise<TrainerQueue> {
  const queues = await backendQueues();
  if (queues.length === 0) throw new AppError("unsupported", "This training backend has no queue.");
  const sum = (count: (queue: BackendQueue) => number) =>
    queues.reduce((total, queue) => total + count(queue), 0);
  return {
    maximum: sum(({ maximum }) => maximum),
    maximum_per_user: sum(({ maximum_per_user }) => maximum_per_user),
    running: sum(({ running }) => running.filter(({ owner }) => owner === userId).length),
    waiting: sum(({ waiting }) => waiting.length),
    jobs: queues.flatMap(({ waiting }) =>
      waiting.flatMap(({ job_id, owner, attempt }, index) =>
        owner === userId ? [{ job_id, attempt, position: index + 1 }] : [],
      ),
    ),
  };
}

/** Whether a job has no process, and one of the training backend is to run it. */
function isWaiting(job: Job): boolean {
  return job.status === "queued" && job.managed && !job.attempt_active;
}

/** The job with its place in the queue, if it has one and the training backend answers. */
export async function withQueuePosition(principal: UserPrincipal, job: Job): Promise<Job> {
  if (!isWaiting(job)) return job;
  const queue = await readTrainerQueue(principal).catch(() => null);
  const place = queue?.jobs.find(({ job_id }) => job_id === job.id);
  return { ...job, queue_position: place?.position ?? null };
}

/**
 * Takes a job that was stopped while it waited out of the training backend's queue. A backend that does
 * not answer gets the command by polling, when the job's turn has come.
 */
export async function leaveQueue(userId: string, job: Job, command: { id: string }): Promise<void> {
  if (!isWaiting(job)) return;
  try {
    const backend = await readJobBackend(userId, job.id);
    await callBackendOf(backend, `/v1/jobs/${encodeURIComponent(job.id)}/commands`, {
      method: "POST",
      body: { id: command.id, type: "stop" },
      timeoutMs: 2_000,
    });
  } catch {
    // The command is stored, and waits for the job's turn.
  }
}
