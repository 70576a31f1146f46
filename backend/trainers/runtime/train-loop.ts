import { setImmediate as nextTurn } from "node:timers/promises";
import { CommandHandler } from "./command-handler.ts";
import { evaluationLines } from "./evaluation-lines.ts";
import type { LoopContext } from "./loop-context.ts";
import type { MessageQueue } from "./message-queue.ts";
import type { Outcome } from "./messages.ts";
import { saveCheckpoint } from "./save-checkpoint.ts";
import type { TrainingEvents } from "./training-events.ts";

export interface LoopOptions extends LoopContext {
  messages: MessageQueue;
  events: TrainingEvents;
  /** Not resumed from a checkpoint: the initial model is evaluated and saved first. */
  fresh: boolean;
  /** The resume command that caused this attempt; acknowledged when training continues. */
  resumeCommand: string | null;
  now: () => number;
  usage: () => { cpu_ms: number; rss_bytes: number };
}

const HELD_REPORT_MS = 2000;

/**
 * Trains until the last step, a command that ends the process, or the loss of the backend. Messages are
 * handled between two steps only.
 */
export async function trainLoop(options: LoopOptions): Promise<Outcome> {
  const { trainer, configured, reporter, messages, journal, events } = options;
  const { log_every, min_step_ms } = configured.loop;
  const commands = new CommandHandler(options);
  const progress = (phase: string) =>
    reporter.send({
      type: "progress",
      step: trainer.step,
      epoch: trainer.epoch,
      total_steps: trainer.totalSteps,
      total_epochs: trainer.totalEpochs,
      phase: commands.held ? "paused" : phase,
      held: commands.held,
      ...options.usage(),
    });

  async function handleMessages(): Promise<Outcome | null> {
    for (;;) {
      // One turn of the event loop delivers the messages that have arrived.
      await nextTurn();
      for (let message = messages.shift(); message; message = messages.shift()) {
        const outcome = commands.handle(message);
        progress(trainer.phase);
        if (outcome) return outcome;
      }
      if (!commands.held) return null;
      await messages.wait(HELD_REPORT_MS);
      progress(trainer.phase);
    }
  }

  const from = trainer.step;
  if (options.fresh) {
    events.started();
    evaluateAndSave(options);
  }
  reporter.status({ phase: "compiling" });
  progress("compiling");
  let runningReported = false;
  while (trainer.step < trainer.totalSteps) {
    const ended = await handleMessages();
    if (ended) return ended;
    const started = options.now();
    for (const [name, value] of Object.entries(journal.replayFor(trainer.step + 1))) {
      trainer.setLive(name, value);
    }
    const { phase } = trainer;
    const result = trainer.trainStep();
    if (!runningReported) reportRunning(options, phase, from);
    runningReported = true;
    reporter.metrics(trainer.step, trainer.epoch, result.metrics);
    events.step(result.metrics);
    if (trainer.step % log_every === 0) {
      const width = String(trainer.totalSteps).length;
      const at = String(trainer.step).padStart(width);
      reporter.log(`epoch ${trainer.epoch}  step ${at}/${trainer.totalSteps}  ${result.summary}`);
    }
    progress(phase);
    if (!result.finite) return diverged(options);
    if (trainer.atEpochEnd) {
      evaluateAndSave(options);
      if (trainer.step < trainer.totalSteps) reporter.status({ phase: trainer.phase });
      progress(trainer.phase);
    }
    const left = started + min_step_ms - options.now();
    if (left > 0) await messages.wait(left);
  }
  if (!runningReported) reportRunning(options, trainer.phase, from);
  return finish(options);
}

/** Reports that training runs, and acknowledges the resume command. */
function reportRunning(options: LoopOptions, phase: string, from: number): void {
  const { reporter, trainer, configured, resumeCommand } = options;
  reporter.status({
    status: "running",
    phase,
    step: trainer.step,
    total_steps: trainer.totalSteps,
    total_epochs: trainer.totalEpochs,
    live_params: configured.definition.liveParams,
  });
  if (resumeCommand) {
    reporter.answer(resumeCommand, { status: "applied", applied_step: from });
  }
}

/** Evaluates on the held-out samples and saves a checkpoint; training continues if saving fails. */
function evaluateAndSave(options: LoopOptions): void {
  const { trainer, reporter, events } = options;
  reporter.status({ phase: "evaluating" });
  const evaluation = trainer.evaluate();
  reporter.metrics(trainer.step, trainer.epoch, evaluation.metrics);
  reporter.predictions(trainer.step, trainer.epoch, evaluation.samples);
  events.evaluated(evaluation);
  for (const line of evaluationLines(trainer.epoch, trainer.totalEpochs, evaluation)) {
    reporter.log(line);
  }
  saveCheckpoint(options);
}

function diverged({ trainer, store }: LoopOptions): Outcome {
  const last = store.lastVerified().found;
  const rescue = last ? ` The last intact checkpoint is ${last.id}.` : "";
  const error = `Loss or gradient is not finite at step ${trainer.step}: the learning rate may be too high.${rescue}`;
  return { outcome: "failed", held: false, checkpoint_id: last?.id ?? null, error };
}

function finish({ trainer, store, reporter }: LoopOptions): Outcome {
  const last = store.lastVerified().found;
  if (last?.step !== trainer.step) {
    const error = "Training is complete, but the final checkpoint could not be saved.";
    return { outcome: "failed", held: false, checkpoint_id: last?.id ?? null, error };
  }
  reporter.log(`done: ${trainer.step} steps, final checkpoint ${last.id}`);
  return { outcome: "succeeded", held: false, checkpoint_id: last.id, error: null };
}
