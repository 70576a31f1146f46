import type { JobKind } from "./job-kind.ts";

/** The types of the events that describe the course of a training. */
export interface TrainingEventTypes {
  started: string;
  /** Sent every few steps, with `step`, `total_steps` and the figures of that step. */
  progress: string;
  /** Sent beside the progress where the trainer has a loss. */
  loss: string;
  /** Sent after each evaluation, with its figures. */
  validation: string;
}

export const trainingEventTypes: Record<JobKind, TrainingEventTypes> = {
  sft: {
    started: "sft.training.started",
    progress: "sft.progress",
    loss: "sft.loss",
    validation: "sft.validation.summary",
  },
  rl: {
    started: "rl.training.started",
    progress: "rl.train.step",
    loss: "rl.loss",
    validation: "rl.validation.summary",
  },
  other: {
    started: "training.started",
    progress: "training.progress",
    loss: "training.loss",
    validation: "validation.summary",
  },
};

const repeatedEvent = /(^|\.)(progress|loss|step)$/;

/** Whether a training repeats an event of this type every few steps: `sft.progress`, `rl.train.step` … */
export function isProgressEvent(type: string): boolean {
  return repeatedEvent.test(type);
}
