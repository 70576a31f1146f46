import { setTimeout as delay } from "node:timers/promises";
import { readOutcome } from "./classify-exit.ts";
import type { Job } from "./job.ts";
import type { JobRecord } from "./job-record.ts";
import { isAlive } from "./process-identity.ts";
import { planRecovery } from "./recovery.ts";

/** How long a trainer that lost its backend may take to save and exit. */
const ORPHAN_EXIT_MS = 10_000;

/** Restarts a job that was active when the previous backend ended, or settles it. */
export async function recoverJob(job: Job): Promise<void> {
  const { record } = job;
  if (record.process) await endOrphan(record.process);
  const outcome = readOutcome(job.folder.outcome);
  const { answers, lastStep: lastReported } = job.spool.finalOutput();
  const lastStep = lastReported ?? record.step;
  record.step = lastStep;
  for (const [id, answer] of answers) {
    const known = record.commands.get(id);
    if (known) known.answer = answer;
  }
  const { found, damaged } = job.checkpoints.lastVerified();
  for (const { id } of damaged) {
    job.event("checkpoint_damaged", "warning", `Checkpoint ${id} is damaged and was skipped.`);
  }
  const plan = planRecovery({ record, outcome, lastStep, checkpoint: found });
  if (plan.action === "settle") {
    job.settle(plan.verdict.status, plan.verdict.error);
    return;
  }
  const stuck = record.recoveries.step === lastStep;
  record.recoveries = { count: stuck ? record.recoveries.count + 1 : 1, step: lastStep };
  job.event("backend_restarted", "warning", plan.message, plan.data);
  job.start({ resume: plan.resume, resumeCommand: unansweredResume(record) });
  job.redispatch();
}

function unansweredResume(record: JobRecord): string | null {
  return [...record.commands].findLast(([, c]) => c.type === "resume" && !c.answer)?.[0] ?? null;
}

/** Waits for an orphaned trainer to exit, and kills it after the deadline. */
async function endOrphan(orphan: { pid: number; started: string | null }): Promise<void> {
  for (let waited = 0; waited < ORPHAN_EXIT_MS && isAlive(orphan); waited += 50) await delay(50);
  if (isAlive(orphan)) process.kill(orphan.pid, "SIGKILL");
  while (isAlive(orphan)) await delay(20);
}
