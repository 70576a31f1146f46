import type { Job } from "@signalbox/protocol/job/job";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { controlJob } from "@/lib/api/control";
import { ApiError } from "@/lib/api/errors";
import { deleteJob, updateJob } from "@/lib/api/jobs";
import { queryKeys } from "@/lib/api/query-keys";

export type RunAction = "stop" | "archive" | "restore" | "delete";

export interface ActionOutcome {
  done: Job[];
  failed: { job: Job; error: unknown }[];
}

const requests: Record<RunAction, (job: Job) => Promise<unknown>> = {
  stop: (job) => controlJob(job.id, { action: "stop", command_id: crypto.randomUUID() }),
  archive: (job) => updateJob(job.id, { archived: true }),
  restore: (job) => updateJob(job.id, { archived: false }),
  delete: (job) =>
    deleteJob(job.id).catch((error: unknown) => {
      // Already deleted by someone else.
      if (error instanceof ApiError && error.status === 404) return;
      throw error;
    }),
};

const atOnce = 4;

async function forEach(jobs: readonly Job[], work: (job: Job) => Promise<unknown>) {
  const outcome: ActionOutcome = { done: [], failed: [] };
  const queue = [...jobs];
  const worker = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      try {
        await work(job);
        outcome.done.push(job);
      } catch (error) {
        outcome.failed.push({ job, error });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcome;
}

/** Applies an action to several runs, a few at a time, and reports each outcome. */
export function useRunActions() {
  const queryClient = useQueryClient();
  const [pending, setPending] = useState<RunAction | null>(null);

  const run = async (action: RunAction, jobs: readonly Job[]): Promise<ActionOutcome> => {
    setPending(action);
    try {
      return await forEach(jobs, requests[action]);
    } finally {
      setPending(null);
      void queryClient.invalidateQueries({ queryKey: queryKeys.jobs.all });
    }
  };
  return { run, pending };
}
