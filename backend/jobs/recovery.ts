import type { StoredCheckpoint } from "../trainers/runtime/checkpoint-store.ts";
import type { Outcome, StartMessage } from "../trainers/runtime/messages.ts";
import { classifyExit, type Verdict } from "./classify-exit.ts";
import type { JobRecord } from "./job-record.ts";

export interface RecoveryInput {
  record: JobRecord;
  /** What its process recorded before it ended. */
  outcome: Outcome | null;
  /** The last step it reported. */
  lastStep: number | null;
  checkpoint: StoredCheckpoint | null;
}

export type Recovery =
  | { action: "settle"; verdict: Exclude<Verdict, { status: "active" }> }
  | {
      action: "restart";
      resume: StartMessage["resume"];
      message: string;
      data: Record<string, unknown>;
    };

const MAX_RECOVERIES = 3;

/** Decides how to continue a job that was active when the backend ended and has no process. */
export function planRecovery({ record, outcome, lastStep, checkpoint }: RecoveryInput): Recovery {
  if (outcome && outcome.outcome !== "interrupted") {
    const verdict = classifyExit({
      outcome,
      code: null,
      signal: null,
      intent: "train",
      stderr: [],
    });
    if (verdict.status !== "active") return { action: "settle", verdict };
  }
  const stopAsked = [...record.commands.values()].some(
    ({ type, answer }) => !answer && (type === "stop" || type === "cancel"),
  );
  if (stopAsked) return { action: "settle", verdict: { status: "cancelled", error: null } };
  if (record.held || outcome?.held) {
    return checkpoint
      ? { action: "settle", verdict: { status: "paused", error: null } }
      : failed(
          "The run was paused in memory when the backend stopped, and there is no checkpoint.",
        );
  }
  const { count, step } = record.recoveries;
  if (count >= MAX_RECOVERIES && step === lastStep) {
    return failed(`The backend crashed ${count} times in a row without any progress.`);
  }
  if (checkpoint) {
    const repeated = Math.max(0, (lastStep ?? 0) - checkpoint.step);
    const repeats =
      repeated > 0 ? `; steps ${checkpoint.step + 1} to ${lastStep} are repeated` : "";
    return {
      action: "restart",
      resume: { checkpoint_id: checkpoint.id, replay_live: true },
      message: `The training backend restarted; resuming from step ${checkpoint.step}${repeats}.`,
      data: { checkpoint_id: checkpoint.id, from_step: checkpoint.step, repeated_steps: repeated },
    };
  }
  if (!record.reported && lastStep === null) {
    return {
      action: "restart",
      resume: null,
      message: "The training backend restarted before the first step; starting again.",
      data: { from_step: 0, repeated_steps: 0 },
    };
  }
  return failed("The backend stopped, and there is no intact checkpoint to resume from.");
}

function failed(error: string): Recovery {
  return { action: "settle", verdict: { status: "failed", error } };
}
