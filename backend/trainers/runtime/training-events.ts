import { join } from "node:path";
import type { JobKind } from "@signalbox/protocol/job/job";
import {
  type TrainingEventTypes,
  trainingEventTypes,
} from "@signalbox/protocol/job/training-event";
import type { Evaluation, Metrics, Trainer } from "../trainer.ts";
import { ReportedSteps } from "./reported-steps.ts";
import type { Reporter } from "./reporter.ts";
import {
  lossMessage,
  progressMessage,
  startedMessage,
  summaryMessage,
} from "./training-event-text.ts";

/** Fraction of the steps after which progress is reported, however fast they are. */
const LONGEST_GAP = 1 / 50;
/** The same after MIN_INTERVAL_MS, for trainings with slow steps. */
const SHORTEST_GAP = 1 / 200;
const MIN_INTERVAL_MS = 1000;

export interface TrainingEventsOptions {
  kind: JobKind;
  trainer: Trainer;
  reporter: Reporter;
  /** The job's folder, and the attempt: what a crashed process reported is not reported again. */
  folder: string;
  attempt: number;
  now: () => number;
}

/** Reports the course of a training as events, for every trainer: started, progress, loss, evaluations. */
export class TrainingEvents {
  readonly #types: TrainingEventTypes;
  readonly #trainer: Trainer;
  readonly #reporter: Reporter;
  readonly #reported: ReportedSteps;
  readonly #now: () => number;
  #last: { step: number; at: number } | null;

  constructor({ kind, trainer, reporter, folder, attempt, now }: TrainingEventsOptions) {
    this.#types = trainingEventTypes[kind];
    this.#trainer = trainer;
    this.#reporter = reporter;
    this.#reported = new ReportedSteps(join(folder, "reported-steps.jsonl"), attempt);
    this.#now = now;
    this.#last = trainer.step > 0 ? { step: trainer.step, at: now() } : null;
  }

  /** Before the first step. */
  started(): void {
    this.#send(this.#types.started, startedMessage(this.#position), {});
  }

  /** After each step; most steps are not reported. */
  step(metrics: Metrics): void {
    if (!this.#isDue()) return;
    this.#last = { step: this.#trainer.step, at: this.#now() };
    const figures = figuresOf(metrics, "train/");
    this.#send(this.#types.progress, progressMessage(this.#position, figures), figures);
    const { loss } = figures;
    if (loss === undefined) return;
    this.#send(this.#types.loss, lossMessage(this.#position, loss), { loss });
  }

  /** After each evaluation. */
  evaluated({ metrics, samples }: Evaluation): void {
    const figures = figuresOf(metrics, "eval/");
    const message = summaryMessage(this.#position, figures);
    this.#send(this.#types.validation, message, { ...figures, samples: samples.length });
  }

  get #position() {
    const { step, totalSteps, epoch, totalEpochs } = this.#trainer;
    return { step, totalSteps, epoch, totalEpochs };
  }

  #isDue(): boolean {
    const { step, totalSteps } = this.#trainer;
    if (this.#last === null || step >= totalSteps) return true;
    const gap = step - this.#last.step;
    if (gap >= totalSteps * LONGEST_GAP) return true;
    return gap >= totalSteps * SHORTEST_GAP && this.#now() - this.#last.at >= MIN_INTERVAL_MS;
  }

  #send(type: string, message: string, figures: Metrics): void {
    const { step, totalSteps, epoch, totalEpochs } = this.#position;
    if (!this.#reported.isNew(type, step)) return;
    this.#reporter.event(type, "info", message, {
      ...figures,
      step,
      total_steps: totalSteps,
      epoch,
      total_epochs: totalEpochs,
      progress: totalSteps > 0 ? step / totalSteps : 1,
    });
    this.#reported.add(type, step);
  }
}

/** The figures of a group of series, without its name. */
function figuresOf(metrics: Metrics, group: string): Metrics {
  return Object.fromEntries(
    Object.entries(metrics)
      .filter(([name]) => name.startsWith(group))
      .map(([name, value]) => [name.slice(group.length), value]),
  );
}
