import { setImmediate as nextTurn } from "node:timers/promises";
import { LIVE_LEARNING_RATE } from "../config.ts";
import { CommandHandler, type Workplace } from "./command-handler.ts";
import { evaluationLines } from "./evaluation-lines.ts";
import type { Inbox } from "./inbox.ts";
import type { Outcome } from "./protocol.ts";

export interface LoopOptions extends Workplace {
  inbox: Inbox;
  /** Not resumed from a checkpoint: the untrained model is evaluated and saved first. */
  fresh: boolean;
  /** Command that asked for this attempt; acknowledged when training goes on. */
  resumeCommand: string | null;
  now: () => number;
  usage: () => { cpu_ms: number; rss_bytes: number };
}

const HELD_REPORT_MS = 2000;

/**
 * Trains to the end, or until a command or the backend's death ends it. Between two steps, and only
 * there, it looks into its inbox.
 */
export async function trainLoop(options: LoopOptions): Promise<Outcome> {
  const { trainer, config, reporter, inbox, journal } = options;
  const { log_every, min_step_ms } = config.config;
  const commands = new CommandHandler(options);
  const progress = (phase: string) =>
    reporter.tell({
      type: "progress",
      step: trainer.step,
      epoch: trainer.epoch,
      total_steps: trainer.totalSteps,
      total_epochs: trainer.totalEpochs,
      phase: commands.held ? "paused" : phase,
      held: commands.held,
      ...options.usage(),
    });

  async function boundary(): Promise<Outcome | null> {
    for (;;) {
      // One turn of the event loop, so that what has arrived is in the inbox.
      await nextTurn();
      for (let message = inbox.take(); message; message = inbox.take()) {
        const outcome = commands.handle(message);
        progress(trainer.phase);
        if (outcome) return outcome;
      }
      if (!commands.held) return null;
      await inbox.wait(HELD_REPORT_MS);
      progress(trainer.phase);
    }
  }

  const from = trainer.step;
  if (options.fresh) closeEpoch(options);
  reporter.status({ phase: "compiling" });
  progress("compiling");
  let announced = false;
  while (trainer.step < trainer.totalSteps) {
    const ended = await boundary();
    if (ended) return ended;
    const started = options.now();
    const repeated = journal.replayFor(trainer.step + 1);
    if (repeated !== null) trainer.setLearningRate(repeated);
    const { phase } = trainer;
    const result = trainer.trainStep();
    if (!announced) announce(options, phase, from);
    announced = true;
    reporter.metrics(trainer.step, trainer.epoch, result.figures);
    if (trainer.step % log_every === 0) {
      const width = String(trainer.totalSteps).length;
      const at = String(trainer.step).padStart(width);
      reporter.log(`epoch ${trainer.epoch}  step ${at}/${trainer.totalSteps}  ${result.summary}`);
    }
    progress(phase);
    if (!result.finite) return spoiled(options);
    if (trainer.atEpochEnd) {
      closeEpoch(options);
      if (trainer.step < trainer.totalSteps) reporter.status({ phase: trainer.phase });
      progress(trainer.phase);
    }
    const left = started + min_step_ms - options.now();
    if (left > 0) await inbox.wait(left);
  }
  if (!announced) announce(options, trainer.phase, from);
  return finish(options);
}

/** Says that training runs, and acknowledges the command that asked for it. */
function announce(options: LoopOptions, phase: string, from: number): void {
  const { reporter, trainer, resumeCommand } = options;
  reporter.status({
    status: "running",
    phase,
    step: trainer.step,
    total_steps: trainer.totalSteps,
    total_epochs: trainer.totalEpochs,
    live_params: { learning_rate: LIVE_LEARNING_RATE },
  });
  if (resumeCommand) {
    reporter.answer(resumeCommand, { status: "applied", applied_step: from });
  }
}

/** Evaluates on the held-out words and saves a checkpoint. */
function closeEpoch({ trainer, config, store, reporter }: LoopOptions): void {
  reporter.status({ phase: "evaluating" });
  const evaluation = trainer.evaluate();
  reporter.metrics(trainer.step, trainer.epoch, evaluation.figures);
  reporter.predictions(trainer.step, trainer.epoch, evaluation.samples);
  for (const line of evaluationLines(trainer.epoch, trainer.totalEpochs, evaluation)) {
    reporter.log(line);
  }
  const { step, epoch } = trainer;
  try {
    const final = step >= trainer.totalSteps;
    const saved = store.save({ ...config, step, epoch, final }, trainer.snapshot());
    reporter.event("checkpoint_saved", "info", `Saved ${saved.id}`, {
      checkpoint_id: saved.id,
      step,
    });
  } catch (error) {
    // Training goes on: the checkpoint before this one still stands.
    const reason = error instanceof Error ? error.message : String(error);
    reporter.event("checkpoint_failed", "error", `A checkpoint could not be saved: ${reason}`);
  }
}

function spoiled({ trainer, store }: LoopOptions): Outcome {
  const last = store.lastVerified().found;
  const rescue = last ? ` The last whole checkpoint is ${last.id}.` : "";
  const error = `Loss or gradient is not a number at step ${trainer.step}: the learning rate may be too high.${rescue}`;
  return { outcome: "failed", held: false, checkpoint_id: last?.id ?? null, error };
}

function finish({ trainer, store, reporter }: LoopOptions): Outcome {
  const last = store.lastVerified().found;
  if (last?.step !== trainer.step) {
    const error = "Training is complete, but its final checkpoint could not be saved.";
    return { outcome: "failed", held: false, checkpoint_id: last?.id ?? null, error };
  }
  reporter.log(`done: ${trainer.step} steps, final checkpoint ${last.id}`);
  return { outcome: "succeeded", held: false, checkpoint_id: last.id, error: null };
}
