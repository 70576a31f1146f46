import { OtherBackendError } from "../backend/job-backend";
import { backendQueues } from "../backend/queue";
import { env } from "../env";
import { processSingleton } from "../process-singleton";
import { applyRetention, dropPoints, removeRows } from "../retention/apply-retention";
import { callRpc } from "../rpc/call-rpc";
import { dispatchResume, dispatchStart, failDispatch } from "./dispatch";
import { LossDetection } from "./loss-detection";
import { removeDeletedJobs } from "./remove-deleted-jobs";
import { forEach, repeat } from "./repeat";

const intervalMs = 5_000;
const retentionIntervalMs = 60_000;
/** How long a dispatch may be in progress before another process repeats it. */
const unclaimedAfter = "20 seconds";

/**
 * Handles silent, unclaimed and deleted jobs while this process lives. Any number of processes may
 * run it: every state change is a compare-and-set, every dispatch is idempotent.
 */
export function startJobMonitor(): void {
  processSingleton("job-monitor", () => {
    const losses = new LossDetection({
      lostAfterMs: env().SIGNALBOX_LOST_AFTER_S * 1000,
      reap: reapSilent,
    });
    repeat("The search for lost runs", intervalMs, () => losses.run());
    repeat("The dispatch of waiting runs", intervalMs, () => dispatchUnclaimed());
    repeat("The removal of deleted runs", intervalMs, removeDeletedJobs);
    repeat("The removal of deleted runs' rows", intervalMs, () => inPortions(removeRows));
    repeat("The removal of deleted points", intervalMs, () => inPortions(dropPoints));
    repeat("Retention", retentionIntervalMs, () => inPortions(applyRetention));
    return true;
  });
}

/** Works a fifth of the time at most, so that others have the database to themselves for the rest. */
async function inPortions(portion: () => Promise<boolean>): Promise<void> {
  for (;;) {
    const startedAt = performance.now();
    while (performance.now() - startedAt < intervalMs / 5) if (!(await portion())) return;
    await new Promise((resolve) => setTimeout(resolve, (intervalMs * 4) / 5).unref());
  }
}

function reapSilent(expected: Date): Promise<{ now: string }> {
  return callRpc("reap_jobs", {
    p_lost_after: `${env().SIGNALBOX_LOST_AFTER_S} seconds`,
    p_fail_after: `${env().SIGNALBOX_FAIL_AFTER_S} seconds`,
    p_expected: expected.toISOString(),
  });
}

/** Repeats dispatches that a process began but did not live to finish. */
export async function dispatchUnclaimed(olderThan = unclaimedAfter): Promise<void> {
  const unclaimed = await callRpc("unclaimed_jobs", { p_older_than: olderThan });
  if (unclaimed.length === 0) return;
  const queues = await backendQueues().catch(() => []);
  const waiting = new Set(
    queues.flatMap((queue) => queue.waiting.map(({ job_id, attempt }) => `${job_id}/${attempt}`)),
  );
  await forEach(unclaimed, async ({ user_id, job, resume }) => {
    if (waiting.has(`${job.id}/${job.attempt}`)) return;
    try {
      await (resume ? dispatchResume(user_id, job, resume) : dispatchStart(user_id, job));
    } catch (error) {
      // The server that reaches the other backend repeats it.
      if (error instanceof OtherBackendError) return;
      await failDispatch(user_id, job.id, error);
    }
  });
}
