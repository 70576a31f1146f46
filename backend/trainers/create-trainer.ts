import type { TrainerConfig } from "./config.ts";
import type { Floats } from "./numbers.ts";
import { RlTrainer } from "./rl-trainer.ts";
import { SftTrainer } from "./sft-trainer.ts";
import type { Trainer } from "./trainer.ts";
import type { WordSplit } from "./words.ts";

/** Trainer of a job's kind. `start`: weights of another run to begin with (reinforcement only). */
export function createTrainer(
  { kind, config }: TrainerConfig,
  words: WordSplit,
  start: readonly Floats[] | null = null,
): Trainer {
  return kind === "sft" ? new SftTrainer(config, words) : new RlTrainer(config, words, start);
}
