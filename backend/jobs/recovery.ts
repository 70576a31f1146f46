import type { StoredCheckpoint } from "../trainers/runtime/checkpoint-store.ts";
import type { Begin, Outcome } from "../trainers/runtime/protocol.ts";
import type { JobRecord } from "./job-record.ts";
import { readExit, type Verdict } from "./read-exit.ts";

export interface Remains {
  record: JobRecord;
  /** What its process wrote down before it ended. */
  outcome: Outcome | null;
  /** The last step it reported. */
  lastStep: number | null;
  checkpoint: StoredCheckpoint | null;
}

export type Recovery =
  | { action: "settle"; verdict: Exclude<Verdict, { status: "active" }> }
  | {
      action: "restart";
      resume: Begin["resume"];
      message: string;
      data: Record<string, unknown>;
    };

const MOST_RECOVERIES = 3;

/** What becomes of a job that was active when the backend went away and has no process now. */
export function planRecovery({ record, outcome, lastStep, checkpoint }: Remains): Recovery {
  if (outcome && outcome.outcome !== "interrupted") {
    const verdict = readExit({ outcome, code: null, signal: null, intent: "train", stderr: [] });
    if (verdict.status !== "active") return { action: "settle", verdict };
  }
  const stopAsked = Object.values(record.commands).some(
    ({ type, answer }) => !answer && (type === "stop" || type === "cancel"),
  );
  if (stopAsked) return { action: "settle", verdict: { status: "cancelled", error: null } };
  if (record.held || outcome?.held) {
    return checkpoint
      ? { action: "settle", verdict: { status: "paused", error: null } }
      : failed("It was held in memory when the backend stopped, and there was no checkpoint.");
  }
  const { count, step } = record.recoveries;
  if (count >= MOST_RECOVERIES && step === lastStep) {
    return failed(`The backend went down ${count} times in a row without getting any further.`);
  }
  if (checkpoint) {
    const repeated = Math.max(0, (lastStep ?? 0) - checkpoint.step);
    const repeats =
      repeated > 0
        ? `; steps ${checkpoint.step + 1} to ${lastStep} are repeated and reported again`
        : "";
    return {
      action: "restart",
      resume: { checkpoint_id: checkpoint.id, replay_live: true },
      message: `The training backend was restarted; going on from step ${checkpoint.step}${repeats}.`,
      data: { checkpoint_id: checkpoint.id, from_step: checkpoint.step, repeated_steps: repeated },
    };
  }
  if (!record.reported && lastStep === null) {
    return {
      action: "restart",
      resume: null,
      message: "The training backend was restarted before the first step; starting again.",
      data: { from_step: 0, repeated_steps: 0 },
    };
  }
  return failed("The backend stopped, and no whole checkpoint was left to go on from.");
}

function failed(error: string): Recovery {
  return { action: "settle", verdict: { status: "failed", error } };
}
