import { commandSchema } from "@signalbox/protocol/command";
import { jobSchema } from "@signalbox/protocol/job";
import { z } from "zod";
import { env } from "../env";
import { processSingleton } from "../process-singleton";
import { applyRetention, dropPoints } from "../retention/apply-retention";
import { callRpc } from "../supabase";
import { failHandOver, handOverResume, handOverStart } from "./hand-over";
import { removeDueJobs } from "./remove-due";

const lookEveryMs = 5_000;
const retentionEveryMs = 60_000;
/** Time that a hand-over in progress is given before another process repeats it. */
const unclaimedAfter = "20 seconds";

const unclaimedSchema = z.array(
  z.object({ user_id: z.string(), job: jobSchema, resume: commandSchema.nullable() }),
);

/**
 * Watches over silent and unclaimed jobs while this process lives. Any number of processes may do
 * so at once: every change is a compare-and-set, every hand-over idempotent.
 */
export function startJobWatch(): void {
  processSingleton("job-watch", () => {
    const startedAt = Date.now();
    let busy = false;
    const look = async () => {
      if (busy) return;
      busy = true;
      try {
        await handOverUnclaimed();
        await removeDueJobs();
        await clearAway();
        // While the dashboard was away no heartbeat could arrive: that silence proves nothing.
        if (Date.now() - startedAt > env().SIGNALBOX_LOST_AFTER_S * 1000) await reapSilent();
      } catch (error) {
        console.warn("The watch over the jobs failed and will try again:", error);
      } finally {
        busy = false;
      }
    };
    return setInterval(look, lookEveryMs).unref();
  });
}

let retentionDueAt = 0;

/** Portions for a fifth of the time, so that nobody waits long behind them. */
async function clearAway(): Promise<void> {
  const until = Date.now() + lookEveryMs / 5;
  while (Date.now() < until && (await dropPoints())) {}
  if (Date.now() < retentionDueAt) return;
  while (Date.now() < until) {
    if (await applyRetention()) continue;
    retentionDueAt = Date.now() + retentionEveryMs;
    return;
  }
}

async function reapSilent(): Promise<void> {
  await callRpc("reap_jobs", {
    p_lost_after: `${env().SIGNALBOX_LOST_AFTER_S} seconds`,
    p_fail_after: `${env().SIGNALBOX_FAIL_AFTER_S} seconds`,
  });
}

/** Repeats hand-overs that a process began and did not live to finish. */
async function handOverUnclaimed(): Promise<void> {
  const unclaimed = unclaimedSchema.parse(
    await callRpc("unclaimed_jobs", { p_older_than: unclaimedAfter }),
  );
  for (const { user_id, job, resume } of unclaimed) {
    try {
      await (resume ? handOverResume(job, resume) : handOverStart(job));
    } catch (error) {
      await failHandOver(user_id, job.id, error);
    }
  }
}
