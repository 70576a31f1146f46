import { setTimeout as delay } from "node:timers/promises";
import type { Job } from "./job.ts";
import type { JobRecord } from "./job-record.ts";
import { isAlive } from "./process-identity.ts";
import { readOutcome } from "./read-exit.ts";
import { planRecovery } from "./recovery.ts";

/** Time for a trainer that lost its backend to save and exit by itself. */
const ORPHAN_MS = 10_000;

/** Goes on with a job that was active when an earlier backend went away, or settles it honestly. */
export async function recoverJob(job: Job): Promise<void> {
  const { record } = job;
  if (record.process) await endOrphan(record.process);
  const outcome = readOutcome(job.folder.outcome);
  const { answers, lastStep: lastReported } = job.spool.lastWords();
  const lastStep = lastReported ?? record.step;
  record.step = lastStep;
  for (const [id, answer] of answers) {
    const known = record.commands[id];
    if (known) known.answer = answer;
  }
  const { found, damaged } = job.checkpoints.lastVerified();
  for (const { id } of damaged) {
    job.event("checkpoint_damaged", "warning", `Checkpoint ${id} is damaged and was passed over.`);
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
  job.handAgain();
}

function unansweredResume(record: JobRecord): string | null {
  const entries = Object.entries(record.commands);
  return entries.findLast(([, c]) => c.type === "resume" && !c.answer)?.[0] ?? null;
}

/** Waits for a trainer that lost its backend, and kills it if it doesn't end by itself. */
async function endOrphan(orphan: { pid: number; started: string | null }): Promise<void> {
  for (let waited = 0; waited < ORPHAN_MS && isAlive(orphan); waited += 50) await delay(50);
  if (isAlive(orphan)) process.kill(orphan.pid, "SIGKILL");
  while (isAlive(orphan)) await delay(20);
}
