import type { PauseMode } from "@signalbox/protocol/job/command";
import { z } from "zod";
import type { StoredCheckpoint } from "./checkpoint-store.ts";
import type { LoopContext } from "./loop-context.ts";
import type { Message } from "./message-queue.ts";
import type { Outcome, TrainerCommand } from "./messages.ts";
import { type SavedCheckpoint, saveCheckpoint } from "./save-checkpoint.ts";

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
        return this.#pause(id, args.mode === "release" ? "release" : "hold");
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

  #pause(id: string, mode: PauseMode): Outcome | null {
    if (!this.#context.configured.definition.pause.includes(mode)) {
      return this.#reject(id, `this trainer does not support pausing with mode ${mode}`);
    }
    return mode === "release" ? this.#release(id) : this.#hold(id);
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
    const { reporter, trainer, journal, configured } = this.#context;
    const { liveParams } = configured.definition;
    const names = Object.keys(liveParams).join(", ") || "no parameter";
    const unknown = Object.keys(args).filter((name) => !Object.hasOwn(liveParams, name));
    if (unknown.length > 0) {
      return this.#reject(
        id,
        `${unknown.join(", ")} can't be changed while training; ${names} can`,
      );
    }
    const values: Record<string, number> = {};
    for (const [name, { min, max }] of Object.entries(liveParams)) {
      if (args[name] === undefined) continue;
      const parsed = z.number().min(min).max(max).safeParse(args[name]);
      if (!parsed.success) {
        return this.#reject(id, `${name} must be a number from ${min} to ${max}`);
      }
      values[name] = parsed.data;
    }
    const changed = Object.entries(values);
    if (changed.length === 0)
      return this.#reject(id, `no parameter given; ${names} can be changed`);
    const before = { ...trainer.live };
    const step = trainer.step + 1;
    journal.record(step, values);
    for (const [name, value] of changed) trainer.setLive(name, value);
    const old = Object.fromEntries(changed.map(([name]) => [name, before[name]]));
    reporter.answer(id, { status: "applied", applied_step: step, old, new: values });
    for (const [name, value] of changed) {
      const title = name.replaceAll("_", " ");
      reporter.log(`${title} ${before[name]?.toExponential(2)} → ${value} from step ${step}`);
    }
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

  #save(): SavedCheckpoint {
    this.#context.reporter.status({ phase: "saving" });
    return saveCheckpoint(this.#context);
  }
}

function outcomeOf(outcome: Outcome["outcome"], checkpoint: StoredCheckpoint | null): Outcome {
  return { outcome, held: false, checkpoint_id: checkpoint?.id ?? null, error: null };
}
