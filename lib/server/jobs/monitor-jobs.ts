import { env } from "../env";
import { processSingleton } from "../process-singleton";
import { applyRetention, dropPoints } from "../retention/apply-retention";
import { callRpc } from "../rpc/call-rpc";
import { dispatchResume, dispatchStart, failDispatch } from "./dispatch";
import { removeDeletedJobs } from "./remove-deleted-jobs";

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
    const startedAt = Date.now();
    let busy = false;
    const tick = async () => {
      if (busy) return;
      busy = true;
      try {
        await dispatchUnclaimed();
        await removeDeletedJobs();
        await runRetention();
        // No heartbeat could arrive while the dashboard was down, so that silence proves nothing.
        if (Date.now() - startedAt > env().SIGNALBOX_LOST_AFTER_S * 1000) await reapSilent();
      } catch (error) {
        console.warn("The job monitor failed and will retry:", error);
      } finally {
        busy = false;
      }
    };
    return setInterval(tick, intervalMs).unref();
  });
}

let retentionDueAt = 0;

/** Works in batches for at most a fifth of the interval, so that other queries never wait long. */
async function runRetention(): Promise<void> {
  const until = Date.now() + intervalMs / 5;
  while (Date.now() < until && (await dropPoints())) {}
  if (Date.now() < retentionDueAt) return;
  while (Date.now() < until) {
    if (await applyRetention()) continue;
    retentionDueAt = Date.now() + retentionIntervalMs;
    return;
  }
}

async function reapSilent(): Promise<void> {
  await callRpc("reap_jobs", {
    p_lost_after: `${env().SIGNALBOX_LOST_AFTER_S} seconds`,
    p_fail_after: `${env().SIGNALBOX_FAIL_AFTER_S} seconds`,
  });
}

/** Repeats dispatches that a process began but did not live to finish. */
async function dispatchUnclaimed(): Promise<void> {
  const unclaimed = await callRpc("unclaimed_jobs", { p_older_than: unclaimedAfter });
  for (const { user_id, job, resume } of unclaimed) {
    try {
      await (resume ? dispatchResume(job, resume) : dispatchStart(job));
    } catch (error) {
      await failDispatch(user_id, job.id, error);
    }
  }
}
