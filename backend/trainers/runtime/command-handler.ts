import { z } from "zod";
import { LIVE_LEARNING_RATE, type TrainerConfig } from "../config.ts";
import type { Trainer } from "../trainer.ts";
import type { CheckpointStore, StoredCheckpoint } from "./checkpoint-store.ts";
import type { LiveJournal } from "./live-journal.ts";
import type { Message } from "./message-queue.ts";
import type { Outcome, TrainerCommand } from "./messages.ts";
import type { Reporter } from "./reporter.ts";

export interface LoopContext {
  trainer: Trainer;
  config: TrainerConfig;
  store: CheckpointStore;
  reporter: Reporter;
  journal: LiveJournal;
}

const LIVE_PARAMETERS = ["learning_rate"];
const learningRateSchema = z.number().min(LIVE_LEARNING_RATE.min).max(LIVE_LEARNING_RATE.max);

/** Executes commands between two steps, and answers each once it has taken effect. */
export class CommandHandler {
  readonly #context: LoopContext;
  #held = false;

  constructor(context: LoopContext) {
    this.#context = context;
  }

  /** Paused between two steps, with its memory kept. */
  get held(): boolean {
    return this.#held;
  }

  /** Handles one message; returns an outcome if the process must exit. */
  handle(message: Message): Outcome | null {
    if (message.type === "command") return this.#command(message.command);
    return this.#interrupted();
  }

  #command({ id, type, args }: TrainerCommand): Outcome | null {
    switch (type) {
      case "pause":
        return args.mode === "release" ? this.#release(id) : this.#hold(id);
      case "resume":
        return this.#resume(id);
      case "stop":
      case "cancel":
        return this.#stop(id);
      case "checkpoint":
        return this.#checkpoint(id);
      case "update_params":
        return this.#updateParameters(id, args);
      default:
        return this.#reject(id, `unknown command ${type}`);
    }
  }

  #hold(id: string): null {
    this.#held = true;
    this.#context.reporter.answer(id, {
      status: "applied",
      applied_step: this.#context.trainer.step,
    });
    this.#context.reporter.status({ phase: "paused" });
    this.#context.reporter.log(`paused at step ${this.#context.trainer.step}, keeping the process`);
    return null;
  }

  #resume(id: string): null {
    if (!this.#held) return this.#reject(id, "the run is not paused");
    this.#held = false;
    const { reporter, trainer } = this.#context;
    reporter.answer(id, { status: "applied", applied_step: trainer.step });
    reporter.status({ phase: trainer.phase });
    reporter.log(`resumed at step ${trainer.step}`);
    return null;
  }

  #release(id: string): Outcome | null {
    const { reporter, trainer } = this.#context;
    const saved = this.#save();
    if (!saved.checkpoint) {
      if (!this.#held) reporter.status({ phase: trainer.phase });
      return this.#reject(id, `the checkpoint could not be saved: ${saved.error}`);
    }
    const { step } = trainer;
    const result = { checkpoint_id: saved.checkpoint.id, step };
    reporter.log(`paused at step ${step}: saved and verified ${saved.checkpoint.id}, exiting`);
    reporter.status({ phase: "paused" });
    reporter.answer(id, { status: "applied", applied_step: step, result });
    return outcomeOf("released", saved.checkpoint);
  }

  #stop(id: string): Outcome {
    const { reporter, trainer } = this.#context;
    const { step } = trainer;
    const { checkpoint, error } = this.#save();
    reporter.log(`stopped at step ${step}${checkpoint ? `, saved ${checkpoint.id}` : ""}`);
    reporter.answer(id, {
      status: "applied",
      applied_step: step,
      ...(checkpoint
        ? { result: { checkpoint_id: checkpoint.id, step } }
        : { reason: `stopped, but the last checkpoint could not be saved: ${error}` }),
    });
    return outcomeOf("cancelled", checkpoint);
  }

  #checkpoint(id: string): null {
    const { reporter, trainer } = this.#context;
    const { checkpoint, error } = this.#save();
    reporter.status({ phase: this.#held ? "paused" : trainer.phase });
    if (!checkpoint) return this.#reject(id, `the checkpoint could not be saved: ${error}`);
    reporter.answer(id, {
      status: "applied",
      applied_step: trainer.step,
      result: { checkpoint_id: checkpoint.id, step: trainer.step },
    });
    return null;
  }

  #updateParameters(id: string, args: Record<string, unknown>): null {
    const unknown = Object.keys(args).filter((name) => !LIVE_PARAMETERS.includes(name));
    if (unknown.length > 0) {
      const live = LIVE_PARAMETERS.join(", ");
      return this.#reject(id, `${unknown.join(", ")} can't be changed while training; ${live} can`);
    }
    const parsed = learningRateSchema.safeParse(args.learning_rate);
    if (!parsed.success) {
      const { min, max } = LIVE_LEARNING_RATE;
      return this.#reject(id, `learning_rate must be a number from ${min} to ${max}`);
    }
    const { reporter, trainer, journal } = this.#context;
    const old = trainer.learningRate;
    const step = trainer.step + 1;
    journal.record({ step, learning_rate: parsed.data });
    trainer.setLearningRate(parsed.data);
    reporter.answer(id, {
      status: "applied",
      applied_step: step,
      old: { learning_rate: old },
      new: { learning_rate: parsed.data },
    });
    reporter.log(`learning rate ${old.toExponential(2)} → ${parsed.data} from step ${step}`);
    return null;
  }

  #interrupted(): Outcome {
    const { checkpoint, error } = this.#save();
    return { ...outcomeOf("interrupted", checkpoint), held: this.#held, error };
  }

  #reject(id: string, reason: string): null {
    this.#context.reporter.answer(id, { status: "rejected", reason });
    return null;
  }

  #save(): { checkpoint: StoredCheckpoint | null; error: string | null } {
    const { reporter, store, config, trainer } = this.#context;
    reporter.status({ phase: "saving" });
    try {
      const { step, epoch } = trainer;
      const checkpoint = store.save({ ...config, step, epoch, final: false }, trainer.snapshot());
      reporter.event("checkpoint_saved", "info", `Saved ${checkpoint.id}`, {
        checkpoint_id: checkpoint.id,
        step,
      });
      return { checkpoint, error: null };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      reporter.event("checkpoint_failed", "error", `A checkpoint could not be saved: ${reason}`);
      return { checkpoint: null, error: reason };
    }
  }
}

function outcomeOf(outcome: Outcome["outcome"], checkpoint: StoredCheckpoint | null): Outcome {
  return { outcome, held: false, checkpoint_id: checkpoint?.id ?? null, error: null };
}
